package org.dualform.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.cli.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
    @TempDir
    private Path folder;

    @Test
    void serversThatWereStoppedOrNeverStartedHaveNoReasonToLookFor() throws Exception {
        Ran ran = status();
        assertThat(ran.code()).isEqualTo(75);
        assertThat(ran.out())
                .contains("scheduler      does not run\n")
                .endsWith("./dualform up starts what does not run.\n")
                .doesNotContain("logs");
    }

    @Test
    void aServerThatEndedByItselfIsNamedWithItsLog() throws Exception {
        // A record stays until its server is stopped. Process 1 was not started then, so it is not this server.
        Path record = Files.createDirectories(folder.resolve("run")).resolve("scheduler.json");
        Files.writeString(record, "{\"pid\": 1, \"started_ms\": 1000}");
        Ran ran = status();
        assertThat(ran.code()).isEqualTo(75);
        assertThat(ran.out())
                .endsWith("scheduler ended without being stopped; ./dualform logs scheduler shows why.\n"
                        + "./dualform up starts what does not run.\n");
    }

    private Ran status() throws Exception {
        return Ran.apart(
                folder, Map.of("DUALFORM_ROOT", folder.toString(), "DUALFORM_HOME", folder.toString()), "status");
    }
}
