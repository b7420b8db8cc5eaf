package org.dualform.cli.workflow.control;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.run.DagRun;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/** Starts runs. Their ids are ours: short enough to type, and safe in a shell. */
public final class Triggering {
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private Triggering() {}

    /** An id with the time in UTC, such as {@code demo-20260101-093000}. */
    public static String newId(String prefix, Clock clock) {
        return prefix + "-" + ID.format(clock.instant());
    }

    /**
     * Triggers a run. If the answer is lost on the way, the id tells whether the run was made, and asking again makes no
     * second one.
     *
     * @throws UserException if the id is malformed, too long or taken, or the DAG is paused
     */
    public static DagRun start(
            AirflowClient client, DagForm form, String runId, Map<String, Object> conf, @Nullable String note) {
        RunId.checked(runId, note);
        if (form.paused()) {
            throw UserException.usage(
                    "The DAG " + form.dagId() + " is paused: a run of it would wait. --unpause lets it run again.");
        }
        Optional<DagRun> taken = client.run(form.dagId(), runId);
        if (taken.isPresent()) {
            throw UserException.usage("The DAG " + form.dagId() + " has a run " + runId + " already ("
                    + taken.get().state().label() + "). ./dualform watch " + runId
                    + " follows it; --run-id names a new one.");
        }
        try {
            return client.trigger(form.dagId(), runId, conf, note);
        } catch (TransientException e) {
            return found(client, form.dagId(), runId)
                    .orElseThrow(() -> new TransientException(
                            e.getMessage() + " Whether Airflow made the run " + runId + " is not known. Give --run-id "
                                    + runId + " when you try again: it never gets a second run.",
                            e));
        }
    }

    private static Optional<DagRun> found(AirflowClient client, String dagId, String runId) {
        try {
            return client.run(dagId, runId);
        } catch (TransientException e) {
            return Optional.empty();
        }
    }
}
