package org.dualform.airflow.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Estimates the time that a run still takes. Every kind of task has its own weight: the mean time of its finished
 * instances. The work that is left, in seconds of one task, is divided by the pace so far, that is by how many tasks ran
 * at once on average.
 *
 * <p>A kind that has not finished once has no weight. While such kinds are most of what is left, there is no basis for an
 * estimate. Where they are few, they count as the others do on average.
 */
final class TimeLeft {
    private TimeLeft() {}

    static Optional<Duration> of(Collection<TaskInstance> tasks, Expansion expansion, Instant now) {
        Map<String, Mean> kinds = new HashMap<>();
        Mean all = new Mean();
        for (TaskInstance task : tasks) {
            Instant start = task.startedAt();
            Instant end = task.endedAt();
            if (task.state() != TaskState.SUCCESS || start == null || end == null) continue;
            kinds.computeIfAbsent(task.key().taskId(), id -> new Mean()).add(seconds(start, end));
            all.add(seconds(start, end));
        }
        double left = 0;
        int known = 0;
        int unknown = 0;
        for (TaskInstance task : tasks) {
            if (task.state().isFinished()) continue;
            int instances = expansion.instances(task);
            Mean kind = kinds.get(task.key().taskId());
            if (kind == null) unknown += instances;
            else known += instances;
            double expected = (kind == null ? all : kind).mean();
            Instant start = task.startedAt();
            left += start != null && task.state() == TaskState.RUNNING
                    ? Math.max(0, expected - seconds(start, now))
                    : instances * expected;
        }
        if (all.count == 0 || unknown > known) return Optional.empty();
        return Optional.of(Duration.ofMillis(Math.round(1000 * left / pace(tasks, now))));
    }

    /** How many tasks ran at once, on average over the time in which any ran; at least one. */
    private static double pace(Collection<TaskInstance> tasks, Instant now) {
        List<Instant[]> times = new ArrayList<>();
        for (TaskInstance task : tasks) {
            Instant start = task.startedAt();
            Instant end = task.state() == TaskState.RUNNING ? now : task.endedAt();
            // The tasks that plan run alone by their nature.
            if (start != null && end != null && end.isAfter(start) && task.key().isMapped())
                times.add(new Instant[] {start, end});
        }
        times.sort(Comparator.comparing(time -> time[0]));
        double work = 0;
        double busy = 0;
        Instant until = Instant.MIN;
        for (Instant[] time : times) {
            work += seconds(time[0], time[1]);
            Instant from = time[0].isAfter(until) ? time[0] : until;
            if (time[1].isAfter(from)) {
                busy += seconds(from, time[1]);
                until = time[1];
            }
        }
        return busy == 0 ? 1 : Math.max(1, work / busy);
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
            return count == 0 ? 0 : sum / count;
        }
    }
}
