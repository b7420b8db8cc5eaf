package org.dualform.dev.bench.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.PermanentException;

/** Runs child processes. A Java one has this process's class path, and its engine uses one thread unless told. */
public final class ChildProcess {
    private ChildProcess() {}

    /** Runs a main class on one thread and returns what it printed. */
    public static String run(Class<?> main, String... arguments) {
        return run(1, main, arguments);
    }

    /** As above, with a number of threads. */
    public static String run(int threads, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=" + threads,
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Runs a command without input and returns what it printed. Its standard error goes to ours. */
    public static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
            try {
                String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int code = process.waitFor();
                if (code != 0) {
                    throw new PermanentException(
                            "A measured process ended with exit code " + code + ": " + command, null);
                }
                return out;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new PermanentException("A process to measure cannot be started: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PermanentException("Interrupted while a process was measured.", e);
        }
    }
}
