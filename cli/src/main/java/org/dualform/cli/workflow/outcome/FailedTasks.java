package org.dualform.cli.workflow.outcome;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.LogLine;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.contract.DualformException;

/** Lists the tasks of a run that failed, in the order of their failures, with the reasons from their logs. */
final class FailedTasks {
    private static final int SHOWN = 5;
    /** In a document, which nobody has to read at one look. */
    private static final int TOLD = 100;

    private FailedTasks() {}

    /** The reason of each task that failed by itself, by the task's readable name, in the order of the failures. */
    static Map<String, String> reasons(AirflowClient client, DagRun run, List<TaskInstance> failed) {
        Map<String, String> reasons = new LinkedHashMap<>();
        failed.stream()
                .filter(task -> !task.neverBegan() && !isFinished(client, run, task))
                .sorted(Comparator.comparing(FailedTasks::end).thenComparing(TaskInstance::key))
                .limit(TOLD)
                .forEach(task -> reasons.put(task.label(), reason(client, run, task)));
        return reasons;
    }

    static void print(AirflowClient client, DagRun run, List<TaskInstance> failed, PrintWriter out) {
        List<TaskInstance> finished =
                failed.stream().filter(task -> isFinished(client, run, task)).toList();
        List<TaskInstance> waiting =
                failed.stream().filter(TaskInstance::neverBegan).toList();
        List<TaskInstance> ordered = failed.stream()
                .filter(task -> !task.neverBegan() && !finished.contains(task))
                .sorted(Comparator.comparing(FailedTasks::end).thenComparing(TaskInstance::key))
                .toList();
        for (TaskInstance task : ordered.subList(0, Math.min(SHOWN, ordered.size()))) {
            out.println("  " + task.label() + ": " + reason(client, run, task));
        }
        if (ordered.size() > SHOWN) {
            out.println("  and " + (ordered.size() - SHOWN) + " more");
        }
        printNames("Stopped before they began: ", waiting, out);
        printNames(
                "Finished; Airflow lists them as failed because their run was ended while others like them ran: ",
                finished,
                out);
    }

    private static void printNames(String what, List<TaskInstance> tasks, PrintWriter out) {
        if (tasks.isEmpty()) return;
        List<String> names =
                tasks.stream().limit(SHOWN).map(TaskInstance::label).toList();
        String more = tasks.size() > SHOWN ? " and " + (tasks.size() - SHOWN) + " more" : "";
        out.println("  " + what + String.join(", ", names) + more + ".");
    }

    /** A task that succeeded has a result, which Airflow deletes only when the task begins again. */
    private static boolean isFinished(AirflowClient client, DagRun run, TaskInstance task) {
        if (!task.key().isMapped() || task.neverBegan()) return false;
        try {
            return client.xcom(run, task.key(), "return_value").isPresent();
        } catch (DualformException e) {
            // The task then counts as failed, as Airflow says.
            return false;
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
