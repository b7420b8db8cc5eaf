package org.dualform.dev.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.dualform.cli.DualformCommand;
import org.dualform.contract.ExitCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class TestCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--soak --kills 0, --kills must be at least 1; it is 0.",
        "--soak --seed -4, --seed must not be negative; it is -4.",
        "--kills 3, '--soak'",
        "rust, There is no part rust of the tests"
    })
    void refusesWhatItCannotRunBeforeItInstallsAnything(String arguments, String reason) {
        var errors = new StringWriter();
        CommandLine line = DualformCommand.commandLine().setErr(new PrintWriter(errors));
        assertThat(line.execute(("test " + arguments).split(" "))).isEqualTo(ExitCode.USAGE.code());
        assertThat(errors.toString()).contains(reason);
    }
}
