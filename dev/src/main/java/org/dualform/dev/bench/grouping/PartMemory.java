package org.dualform.dev.bench.grouping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.cli.stack.Stack;
import org.dualform.contract.PermanentException;

/**
 * Samples the memory of all servers and tasks while a run goes on. Memory that processes share counts once (proportional
 * set size). Linux only.
 */
final class PartMemory implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 2000;
    private static final Pattern PSS = Pattern.compile("^Pss:\\s+(\\d+) kB", Pattern.MULTILINE);

    private final Stack stack;
    private final AtomicBoolean ends = new AtomicBoolean();
    private final Thread sampler = new Thread(this::sample, "memory");
    private volatile Peak peak = new Peak(0, 0, 0, 0);

    private PartMemory(Stack stack) {
        this.stack = stack;
    }

    /**
     * The most bytes at one time. The parts are those of the moment at which all of them together took the most.
     *
     * @param airflow Airflow's components, and its workers and supervisors
     * @param mlflow the MLflow server
     * @param tasks the tasks' Java processes
     */
    record Peak(long all, long airflow, long mlflow, long tasks) {}

    static PartMemory of(Stack stack) {
        PartMemory memory = new PartMemory(stack);
        memory.sampler.setDaemon(true);
        memory.sampler.start();
        return memory;
    }

    Peak peak() {
        return peak;
    }

    private void sample() {
        while (!ends.get()) {
            Peak now = now();
            if (now.all() > peak.all()) peak = now;
            try {
                Thread.sleep(INTERVAL_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private Peak now() {
        long[] parts = new long[3];
        stack.states()
                .forEach((name, pid) -> pid.flatMap(ProcessHandle::of).ifPresent(server -> {
                    int part = name.equals("mlflow") ? 1 : 0;
                    parts[part] += bytes(server);
                    server.descendants().forEach(child -> parts[isJava(child) ? 2 : part] += bytes(child));
                }));
        return new Peak(parts[0] + parts[1] + parts[2], parts[0], parts[1], parts[2]);
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("/java"))
                .isPresent();
    }

    private static long bytes(ProcessHandle process) {
        Path file = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
        try {
            Matcher found = PSS.matcher(Files.readString(file, StandardCharsets.US_ASCII));
            return found.find() ? 1024 * Long.parseLong(found.group(1)) : 0;
        } catch (IOException e) {
            return 0; // it has ended meanwhile
        }
    }

    @Override
    public void close() {
        ends.set(true);
        sampler.interrupt();
        try {
            sampler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PermanentException("Interrupted while memory was measured.", e);
        }
    }
}
