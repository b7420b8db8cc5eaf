package org.dualform.cli.workflow.outcome;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.TaskKey;
import org.dualform.contract.DualformException;
import org.dualform.contract.Json;
import org.jspecify.annotations.Nullable;

/** A run as the member {@code run} of a JSON document, and the facts that people see of it too. */
public final class RunDocument {
    private static final TaskKey SUMMARISE = new TaskKey("summarise", -1);
    /** The XCom in which summarise leaves the answer's sentence. */
    private static final String FINDING = "finding";

    private RunDocument() {}

    public static ObjectNode of(AirflowClient client, DagRun run) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("dag", run.dagId())
                .put("id", run.runId())
                .put("state", run.state().label());
        put(node, "queued", run.queuedAt());
        put(node, "started", run.startedAt());
        put(node, "ended", run.endedAt());
        time(run, Instant.now()).ifPresent(time -> node.put("seconds", time.toMillis() / 1000.0));
        return node.put("url", client.runUrl(run.dagId(), run.runId()));
    }

    /** How long the run took, or takes since it began; empty before that. */
    public static Optional<Duration> time(DagRun run, Instant now) {
        Instant began = run.startedAt();
        if (began == null) return Optional.empty();
        Instant ended = run.endedAt();
        return Optional.of(Duration.between(began, ended == null ? now : ended));
    }

    /** The study's answer in a sentence; empty where there is none yet, or Airflow does not give it. */
    public static Optional<String> finding(AirflowClient client, DagRun run) {
        try {
            return client.xcom(run, SUMMARISE, FINDING).map(String::valueOf);
        } catch (DualformException e) {
            return Optional.empty();
        }
    }

    private static void put(ObjectNode node, String name, @Nullable Instant time) {
        if (time != null) node.put(name, time.toString());
    }
}
