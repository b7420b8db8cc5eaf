package org.dualform.cli.machine;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;

/** Runs other programs and waits for them to end. */
public final class Shell {
    private Shell() {}

    /**
     * Runs a command and appends its output to a file.
     *
     * @param changes environment variables to set, or to remove where the value is empty
     * @return the exit code
     */
    public static int run(List<String> command, Path folder, Map<String, String> changes, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        change(builder.environment(), changes);
        Process process = start(builder);
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new TransientException("Interrupted while running " + command.get(0) + ".", e);
        }
    }

    /** Runs a command and returns what it printed on both streams; null if it failed or does not exist. */
    public static @org.jspecify.annotations.Nullable String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    public static void change(Map<String, String> environment, Map<String, String> changes) {
        changes.forEach((name, value) -> {
            if (value.isEmpty()) {
                environment.remove(name);
            } else {
                environment.put(name, value);
            }
        });
    }

    public static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new PermanentException("Cannot start " + builder.command().get(0) + ": " + e.getMessage() + ".", e);
        }
    }

    /** The last lines of a log, for an error message. */
    public static String tail(Path log, int lines) {
        try {
            List<String> all = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            List<String> last = all.subList(Math.max(0, all.size() - lines), all.size());
            return "\n  " + String.join("\n  ", last);
        } catch (IOException e) {
            return "\n  (no log at " + log + ")";
        }
    }
}
