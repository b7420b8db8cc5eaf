package org.dualform.cli.workflow.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.dag.Dag;
import org.dualform.airflow.dag.DagForm;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;

/** Waits until Airflow has read a DAG without errors. */
public final class DagReady {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /**
     * The time after which import errors count. A server that has just started may report an error of its last run,
     * until it reads the files again.
     */
    private static final Duration ERRORS_COUNT_AFTER = Duration.ofSeconds(40);

    private static final long PAUSE_MILLIS = 500;

    private DagReady() {}

    /**
     * @return the DAG's form
     * @throws PermanentException if the DAG's file has import errors; the message has them
     */
    public static DagForm await(AirflowClient client, String dagId, Console console) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            Optional<DagForm> form = sound(client, dagId);
            if (form.isPresent()) {
                console.clear();
                return form.get();
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            Map<String, String> errors = client.importErrors();
            if (!errors.isEmpty() && waited.compareTo(ERRORS_COUNT_AFTER) > 0) {
                throw new PermanentException(
                        "Airflow could not read the DAG " + dagId + ". Import errors:" + shown(errors), null);
            }
            if (waited.compareTo(LIMIT) > 0) {
                throw new TransientException(
                        "Airflow has not listed the DAG " + dagId + " within " + Console.seconds(LIMIT)
                                + ". ./dualform logs dag-processor tells what it does.",
                        null);
            }
            console.progress("  waiting for the DAG processor, " + waited.toSeconds() + " s"
                    + (errors.isEmpty()
                            ? ""
                            : " (import errors: "
                                    + String.join(", ", names(errors).keySet()) + ")"));
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Prints a warning for the files of other DAGs that Airflow could not read. They do not stop this run. */
    public static void warnOfOthers(AirflowClient client, Console console) {
        Map<String, String> errors = client.importErrors();
        if (!errors.isEmpty()) {
            console.say("  Airflow could not read some other DAG files:" + shown(errors));
        }
    }

    private static Optional<DagForm> sound(AirflowClient client, String dagId) {
        boolean listed =
                client.dags().stream().filter(dag -> dag.id().equals(dagId)).anyMatch(dag -> !dag.broken());
        return listed ? client.form(dagId) : Optional.empty();
    }

    private static Map<String, String> names(Map<String, String> errors) {
        Map<String, String> byName = new LinkedHashMap<>();
        errors.forEach((file, trace) -> byName.put(String.valueOf(Path.of(file).getFileName()), trace));
        return byName;
    }

    private static String shown(Map<String, String> errors) {
        StringBuilder text = new StringBuilder();
        errors.forEach((file, trace) -> text.append("\n  ")
                .append(file)
                .append(":\n    ")
                .append(trace.strip().replace("\n", "\n    ")));
        return text.toString();
    }

    /** The ids of the DAGs that Airflow knows, for the error message about an unknown one. */
    public static java.util.List<String> known(AirflowClient client) {
        return client.dags().stream().map(Dag::id).sorted().toList();
    }
}
