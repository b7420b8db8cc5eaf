package org.dualform.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.cli.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsCommandTest {
    @TempDir
    private Path folder;

    @Test
    void theLastLinesOfOneServersLog() throws Exception {
        log("scheduler", "one\ntwo\nthree – ü\n");
        assertThat(run("scheduler", "-n", 2)).isEqualTo(new Ran(0, "two\nthree – ü\n", ""));
    }

    @Test
    void ofAllServersEachLogUnderItsName() throws Exception {
        log("scheduler", "a\n");
        log("mlflow", "b\nc");
        assertThat(run("--lines", 1))
                .isEqualTo(new Ran(0, "==> " + path("scheduler") + " <==\na\n==> " + path("mlflow") + " <==\nc", ""));
    }

    @Test
    void noLineIsWhatIsAskedForWithZero() throws Exception {
        log("mlflow", "b\nc\n");
        assertThat(run("mlflow", "-n", 0)).isEqualTo(new Ran(0, "", ""));
    }

    @Test
    void anUnknownServerIsAnsweredWithTheNamesThereAre() throws Exception {
        assertThat(run("webserver"))
                .isEqualTo(new Ran(
                        64,
                        "",
                        "There is no server webserver; there are scheduler, dag-processor, triggerer, api-server,"
                                + " mlflow.\n"));
    }

    @Test
    void beforeTheFirstStartThereIsNoLog() throws Exception {
        assertThat(run()).isEqualTo(new Ran(0, "", "No logs yet: the servers were never started (./dualform up).\n"));
    }

    private void log(String server, String text) throws Exception {
        Files.createDirectories(path(server).getParent());
        Files.writeString(path(server), text);
    }

    private Path path(String server) {
        return folder.resolve("state/logs/" + server + ".log");
    }

    private Ran run(Object... words) throws Exception {
        Object[] all = new Object[words.length + 1];
        all[0] = "logs";
        System.arraycopy(words, 0, all, 1, words.length);
        Map<String, String> environment = Map.of(
                "DUALFORM_ROOT",
                folder.toString(),
                "DUALFORM_HOME",
                folder.resolve("state").toString());
        return Ran.apart(folder, environment, all);
    }
}
