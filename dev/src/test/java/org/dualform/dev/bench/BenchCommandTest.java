package org.dualform.dev.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.dualform.cli.DualformCommand;
import org.dualform.contract.ExitCode;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
    @Test
    void anUnknownBenchmarkIsAnsweredWithTheNamesThereAre() {
        var errors = new StringWriter();
        CommandLine line = DualformCommand.commandLine().setErr(new PrintWriter(errors));
        assertThat(line.execute("bench", "sweep", "nonsense")).isEqualTo(ExitCode.USAGE.code());
        assertThat(errors.toString()).contains("no benchmark nonsense", "prefix, sweep, finetune, growth");
    }
}
