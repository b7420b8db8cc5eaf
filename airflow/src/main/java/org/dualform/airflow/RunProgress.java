package org.dualform.airflow;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is.
 *
 * @param done finished instances, whatever their state
 * @param total instances known so far; grows when mapped tasks are expanded
 * @param running what runs now
 * @param failed what failed so far
 * @param remaining an estimate, or null while nothing has finished
 */
public record RunProgress(
        DagRun run,
        int done,
        int total,
        List<TaskInstance> running,
        List<TaskInstance> failed,
        @Nullable Duration remaining) {

    static RunProgress of(DagRun run, Collection<TaskInstance> tasks, Instant now) {
        List<TaskInstance> running = new ArrayList<>();
        List<TaskInstance> failed = new ArrayList<>();
        int done = 0;
        for (TaskInstance task : tasks) {
            done += task.state().isFinished() ? 1 : 0;
            if (task.state() == TaskState.RUNNING) {
                running.add(task);
            }
            if (task.state() == TaskState.FAILED) {
                failed.add(task);
            }
        }
        return new RunProgress(run, done, tasks.size(), running, failed, estimate(tasks, running.size(), now));
    }

    /**
     * What is left, at the mean time of each task's finished instances (of all finished ones for a task of which none
     * has finished), shared among as many as run now.
     */
    private static @Nullable Duration estimate(Collection<TaskInstance> tasks, int parallel, Instant now) {
        Map<String, Mean> byTask = new HashMap<>();
        Mean all = new Mean();
        for (TaskInstance task : tasks) {
            Instant start = task.startedAt();
            Instant end = task.endedAt();
            if (task.state() == TaskState.SUCCESS && start != null && end != null) {
                double seconds = seconds(start, end);
                all.add(seconds);
                byTask.computeIfAbsent(task.key().taskId(), id -> new Mean()).add(seconds);
            }
        }
        if (all.count == 0) {
            return null;
        }
        double left = 0;
        for (TaskInstance task : tasks) {
            if (!task.state().isFinished()) {
                double expected = byTask.getOrDefault(task.key().taskId(), all).mean();
                Instant start = task.startedAt();
                boolean started = task.state() == TaskState.RUNNING && start != null;
                left += started && start != null ? Math.max(0, expected - seconds(start, now)) : expected;
            }
        }
        return Duration.ofMillis(Math.round(1000 * left / Math.max(1, parallel)));
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    private static final class Mean {
        private double sum;
        private int count;

        void add(double value) {
            sum += value;
            count++;
        }

        double mean() {
            return sum / count;
        }
    }
}
