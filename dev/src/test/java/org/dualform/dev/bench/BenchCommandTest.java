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

    @Test
    void aModelToMeasureIsAFolderAndStandsAlone() {
        assertThat(refused("bench", "--model", "no-such-folder"))
                .contains("--model has to be a folder", "no-such-folder");
        assertThat(refused("bench", "prefix", "--model", "models/mini"))
                .contains("--model goes with no NAME, or with groupings (value: prefix)", "Leave the names out");
    }

    private static String refused(String... words) {
        var errors = new StringWriter();
        CommandLine line = DualformCommand.commandLine().setErr(new PrintWriter(errors));
        assertThat(line.execute(words)).isEqualTo(ExitCode.USAGE.code());
        return errors.toString();
    }
}
