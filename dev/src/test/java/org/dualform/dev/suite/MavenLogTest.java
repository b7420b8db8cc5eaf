package org.dualform.dev.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.dualform.cli.terminal.Console;
import org.junit.jupiter.api.Test;

class MavenLogTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final MavenLog log =
            new MavenLog(new Console(new PrintStream(shown, true, StandardCharsets.UTF_8), false, () -> 80));

    @Test
    void tellsWhatNoReportWould() {
        log.read("[INFO] Building Dualform tasks 0.1.0                                  [5/6]");
        log.read("[ERROR] The forked VM terminated without properly saying goodbye. VM crash or System.exit called?");
        log.read("[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.15.0:compile"
                + " (default-compile) on project dualform-cli: Compilation failure");
        assertThat(log.troubles())
                .containsExactly(
                        "tasks: the Java that ran the tests crashed or took too long",
                        "dualform-cli: maven-compiler-plugin compile: Compilation failure");
    }

    @Test
    void showsAFailedClassAtOnceAndLeavesItToTheReports() {
        log.read("[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 1 s <<< FAILURE! -- in a.B");
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("failed: a.B");
        assertThat(log.troubles()).isEmpty();
    }
}
