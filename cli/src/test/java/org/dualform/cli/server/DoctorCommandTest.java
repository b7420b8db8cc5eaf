package org.dualform.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.cli.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    private Path folder;

    @Test
    void eachCheckIsALineAndEachLackNamesTheWayOut() throws Exception {
        for (String file : List.of("operators/airflow.lock.txt", "mlflow/server.lock.txt", "models/mini/config.json")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), "{}");
        }
        Ran ran = Ran.apart(
                folder,
                Map.of(
                        "DUALFORM_ROOT", folder.toString(),
                        "DUALFORM_HOME", folder.resolve("state").toString(),
                        "DUALFORM_JAR", "/no/such.jar"),
                "doctor");
        assertThat(ran.code()).isEqualTo(78);
        assertThat(ran.errors()).isEmpty();
        assertThat(ran.out().lines())
                .contains(
                        "lack  airflow environment    missing or out of date",
                        "      -> ./dualform environments installs it (./dualform up and demo do so by themselves).",
                        "lack  task jar               /no/such.jar",
                        "      -> Unset DUALFORM_JAR to use the one that ./dualform builds, or correct it.",
                        "ok    built-in model         " + folder.resolve("models/mini"),
                        "ok    servers                not started");
        // Memory and disk are the machine's own: each lack counts, whichever there are.
        long lacks = ran.out().lines().filter(line -> line.startsWith("lack ")).count();
        assertThat(ran.out().lines().reduce("", (before, line) -> line)).isEqualTo(lacks + " things to do.");
    }
}
