package org.dualform.dev.suite;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;

/** Announces the steps of a run and their times, and runs programs whose output goes to a log. */
public final class Steps {
    private final Console console;
    private final Path logs;
    private final Map<String, String> environment;

    /**
     * @param logs the folder of the logs
     * @param environment variables that every program gets in addition to those of this process
     */
    public Steps(Console console, Path logs, Map<String, String> environment) {
        this.console = console;
        this.logs = logs;
        this.environment = environment;
    }

    /** The same with more variables for the programs. */
    Steps with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Steps(console, logs, all);
    }

    Console console() {
        return console;
    }

    Path log(String name) {
        return logs.resolve("test-" + name + ".log");
    }

    /** Does one step. It prints the name before and the time after. */
    <T> T step(String what, Supplier<T> work) {
        console.say("== " + what);
        long start = System.nanoTime();
        T done = work.get();
        console.say("   " + Console.seconds(Duration.ofNanos(System.nanoTime() - start)));
        return done;
    }

    /**
     * Runs a program to its end, without input.
     *
     * @param name the name of the log
     * @param eachLine receives every line of output
     * @return the exit code
     */
    int run(String name, Path folder, List<String> command, Consumer<String> eachLine) {
        Process process = start(folder, command);
        // If this process ends, by Ctrl-C or otherwise, the processes that it started end too.
        Thread end = new Thread(() -> endAll(process));
        Runtime.getRuntime().addShutdownHook(end);
        try (BufferedReader output = process.inputReader();
                Writer log = Files.newBufferedWriter(log(name))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                log.write(line);
                log.write('\n');
                log.flush();
                eachLine.accept(line);
            }
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException("Interrupted while running " + command.get(0) + ".", e);
        } finally {
            endAll(process);
            removeHook(end);
            console.clear();
        }
    }

    private Process start(Path folder, List<String> command) {
        try {
            Files.createDirectories(logs);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true);
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new PermanentException("Cannot run " + command.get(0) + ": " + e.getMessage() + ".", e);
        }
    }

    private static void endAll(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, so the hook runs.
        }
    }
}
