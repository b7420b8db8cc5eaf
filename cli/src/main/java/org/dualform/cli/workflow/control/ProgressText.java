package org.dualform.cli.workflow.control;

import java.time.Duration;
import java.util.List;
import org.dualform.airflow.run.RunProgress;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.cli.terminal.Console;

/** A run's progress as one line of text. */
final class ProgressText {
    private static final int NAMED = 2;

    private ProgressText() {}

    static String of(RunProgress progress) {
        StringBuilder line = new StringBuilder("  ");
        if (progress.planned() || progress.run().state().isFinished()) {
            line.append(progress.done())
                    .append(" of ")
                    .append(progress.total())
                    .append(progress.total() == 1 ? " task" : " tasks");
        } else {
            line.append("planning");
        }
        Duration left = progress.remaining();
        // The time comes before the names, so that a narrow terminal cuts these.
        if (left != null && !progress.run().state().isFinished())
            line.append(", about ").append(whole(left)).append(" left");
        List<TaskInstance> running = progress.running();
        if (running.isEmpty()) {
            line.append(progress.run().state() == RunState.QUEUED ? ", waiting to start" : ", none running");
        } else {
            line.append(", running ").append(String.join(", ", names(running)));
            if (running.size() > NAMED)
                line.append(" and ").append(running.size() - NAMED).append(" more");
        }
        return line.toString();
    }

    private static List<String> names(List<TaskInstance> running) {
        return running.stream().limit(NAMED).map(TaskInstance::label).toList();
    }

    /** A time in whole seconds, since an estimate has no tenths. */
    private static String whole(Duration time) {
        long seconds = Math.max(1, Math.round(time.toMillis() / 1000.0));
        return seconds < 60 ? seconds + " s" : Console.seconds(Duration.ofSeconds(seconds));
    }
}
