package org.dualform.airflow.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a run has come.
 *
 * @param done number of task instances that have finished, in whatever state
 * @param total number of task instances known so far; it grows when mapped tasks are expanded
 * @param running the task instances that run now
 * @param failed the task instances that have failed so far
 * @param remaining an estimate of the time left, or null before anything has finished
 */
public record RunProgress(
        DagRun run,
        int done,
        int total,
        List<TaskInstance> running,
        List<TaskInstance> failed,
        @Nullable Duration remaining) {

    public static RunProgress of(DagRun run, Collection<TaskInstance> tasks, Instant now) {
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
     * The time left: the sum over unfinished instances, divided by the number of instances that run now. An instance is
     * expected to take the mean time of its task's finished instances, or, where the task has none, of all finished ones.
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
