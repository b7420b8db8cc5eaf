package org.dualform.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.cli.machine.Home;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StraysTest {
    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();
    private Home home;

    @BeforeEach
    void makeHome() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "this system does not show the environments of processes");
        home = new Home(folder, folder.resolve("state"), Map.of());
    }

    @AfterEach
    void end() {
        started.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Test
    void whatThisStackStartedIsFoundAlsoInASessionOfItsOwn() throws Exception {
        Process other = start(Strays.MARK, home.state() + "-of-another");
        Process longer = start("OLD_" + Strays.MARK, home.state().toString());
        Process parent = start(Strays.MARK, home.state().toString());
        long child = Long.parseLong(parent.inputReader().readLine());
        // Each has said its id, so each is the program that it was started as.
        other.inputReader().readLine();
        longer.inputReader().readLine();
        assertThat(Strays.of(home)).extracting(ProcessHandle::pid).containsExactlyInAnyOrder(parent.pid(), child);
    }

    @Test
    void nothingIsFoundWhereNothingWasStarted() {
        assertThat(Strays.of(home)).isEmpty();
    }

    /** A process with a child that leads a session of its own; it prints the child's id. */
    private Process start(String variable, String value) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "python3",
                "-c",
                "import subprocess; child = subprocess.Popen(['sleep', '300'], start_new_session=True);"
                        + "print(child.pid, flush=True); child.wait()");
        builder.environment().remove(Strays.MARK);
        builder.environment().put(variable, value);
        Process process = builder.start();
        started.add(process);
        return process;
    }
}
