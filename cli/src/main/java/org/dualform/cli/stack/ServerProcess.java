package org.dualform.cli.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.Shell;
import org.dualform.cli.python.Python;

/**
 * One server, as a process group of its own. A file records its process id and start time, by which a later command
 * finds it. If the system has given the id to another process since, the start times differ and that process is left
 * alone.
 */
public final class ServerProcess {
    private static final ObjectMapper JSON = new ObjectMapper();
    /**
     * The greatest difference between two readings of one start time. They are exact to about a second, and setting the
     * clock moves them a little.
     */
    private static final Duration SAME_START = Duration.ofSeconds(3);
    /**
     * A Python program that begins a session and a process group of its own and then becomes the command. A Ctrl-C in the
     * terminal therefore does not reach the server, while the server itself still ends on SIGINT.
     */
    private static final String LEAD =
            "import os, signal, sys; os.setsid(); signal.signal(signal.SIGINT, signal.SIG_DFL);"
                    + "os.execvp(sys.argv[1], sys.argv[1:])";

    private final String name;
    private final Path record;
    private final Path log;

    public ServerProcess(Home home, String name) {
        this.name = name;
        this.record = home.run().resolve(name + ".json");
        this.log = home.logs().resolve(name + ".log");
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    /** Starts the command. Its output goes to a new log; the previous log is kept beside it. */
    public void start(Python python, List<String> command, Path folder, Map<String, String> changes) {
        rotateLog();
        List<String> leading = new ArrayList<>(List.of(python.command(), "-c", LEAD));
        leading.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(leading)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Shell.change(builder.environment(), changes);
        Process process = Shell.start(builder);
        Instant started = process.info().startInstant().orElse(Instant.now());
        try {
            Files.writeString(
                    record,
                    JSON.writeValueAsString(
                            Map.of("pid", process.pid(), "started_ms", started.toEpochMilli(), "command", command)));
        } catch (IOException e) {
            process.destroyForcibly();
            throw new UncheckedIOException(e);
        }
    }

    private void rotateLog() {
        try {
            if (Files.exists(log)) {
                Files.move(
                        log,
                        log.resolveSibling(name + ".previous.log"),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The leader of the group, if it is alive and is the process that was started. */
    Optional<ProcessHandle> running() {
        return pid().flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(process -> !hasEnded(process.pid()))
                .filter(this::isOurs);
    }

    /** Linux lists a process that has ended until its parent collects its exit code, which init may do late. */
    private static boolean hasEnded(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String state = stat.substring(stat.lastIndexOf(')') + 1).strip();
            return state.startsWith("Z") || state.startsWith("X");
        } catch (IOException e) {
            return false; // no /proc, or the process is gone: the handle's answer counts
        }
    }

    boolean isRunning() {
        return running().isPresent();
    }

    /** True if it was started and ended without being stopped. */
    boolean died() {
        return Files.exists(record) && !isRunning();
    }

    /** Asks the whole group to end, by SIGTERM. */
    void terminate() {
        signalGroup("TERM");
    }

    public void kill() {
        signalGroup("KILL");
    }

    /** True once no process of the group is left. */
    boolean isGone() {
        return pid().isEmpty() || isTaken() || !signalGroup("0");
    }

    void forget() {
        try {
            Files.deleteIfExists(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean signalGroup(String signal) {
        Optional<Long> pid = pid();
        if (pid.isEmpty() || isTaken()) {
            return false;
        }
        // The shell's own kill: the program of that name is missing on small systems.
        return Shell.output(List.of("sh", "-c", "kill -" + signal + " -" + pid.get() + " 2>/dev/null")) != null;
    }

    /** True if the id now belongs to a process that we did not start. */
    private boolean isTaken() {
        return pid().flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(process -> !isOurs(process))
                .isPresent();
    }

    private boolean isOurs(ProcessHandle process) {
        Optional<Instant> started = process.info().startInstant();
        Optional<Instant> recorded = read("started_ms").map(Instant::ofEpochMilli);
        return started.isPresent()
                && recorded.isPresent()
                && Duration.between(started.get(), recorded.get()).abs().compareTo(SAME_START) < 0;
    }

    Optional<Long> pid() {
        return read("pid");
    }

    private Optional<Long> read(String field) {
        try {
            return Files.exists(record)
                    ? Optional.of(JSON.readTree(Files.readString(record))
                                    .path(field)
                                    .asLong())
                            .filter(value -> value > 0)
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
