package org.dualform.cli.workflow.outcome;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.LogLine;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.contract.DualformException;

/** Lists the tasks of a run that failed, in the order of their failures, with the reasons from their logs. */
final class FailedTasks {
    private static final int SHOWN = 5;

    private FailedTasks() {}

    static void print(AirflowClient client, DagRun run, List<TaskInstance> failed, PrintWriter out) {
        List<TaskInstance> ordered = failed.stream()
                .sorted(Comparator.comparing(FailedTasks::end).thenComparing(TaskInstance::key))
                .toList();
        for (TaskInstance task : ordered.subList(0, Math.min(SHOWN, ordered.size()))) {
            out.println("  " + task.label() + ": " + reason(client, run, task));
        }
        if (ordered.size() > SHOWN) {
            out.println("  and " + (ordered.size() - SHOWN) + " more");
        }
    }

    private static Instant end(TaskInstance task) {
        Instant end = task.endedAt();
        return end == null ? Instant.MAX : end;
    }

    private static String reason(AirflowClient client, DagRun run, TaskInstance task) {
        try {
            String found = "its log names no error";
            for (LogLine line : client.log(run, task.key(), Math.max(1, task.tryNumber()))) {
                String error = line.error();
                if (error != null) {
                    found = error;
                } else if ("error".equals(line.level()) || "critical".equals(line.level())) {
                    found = line.event();
                }
            }
            return found.strip().replace("\n", "\n    ");
        } catch (DualformException e) {
            return "its log cannot be read (" + e.getMessage() + ")";
        }
    }
}
