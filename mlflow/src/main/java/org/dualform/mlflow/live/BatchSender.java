package org.dualform.mlflow.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.contract.PermanentException;
import org.dualform.mlflow.http.MlflowReply;
import org.dualform.mlflow.rest.LogBatch;
import org.dualform.mlflow.rest.MlflowApi;
import org.dualform.mlflow.rest.RunMessages;
import org.dualform.mlflow.value.MetricPoint;

/**
 * Sends params, tags and metrics. MLflow refuses a whole batch for one bad item; a refused batch is therefore halved and
 * sent again until the bad items stand alone. Those are passed to {@link Refusals}; all others arrive. The search ends
 * early if the server itself fails on many of the batches ({@link Steadily#refusesMany}).
 */
final class BatchSender {
    private final MlflowApi api;
    private final CurrentRun run;
    private final Succession succession;
    private final Steadily steadily;
    private final Refusals refusals;

    BatchSender(MlflowApi api, CurrentRun run, Succession succession, Steadily steadily, Refusals refusals) {
        this.steadily = steadily;
        this.api = api;
        this.run = run;
        this.succession = succession;
        this.refusals = refusals;
    }

    /** @throws RunGone if the run has been deleted, or has another value of a param */
    void send(List<MetricPoint> points, Map<String, String> params, Map<String, String> tags) {
        LogBatch.split(
                        RunMessages.metrics(points, run.view().startTime()),
                        RunMessages.params(params),
                        RunMessages.tags(tags))
                .forEach(this::send);
    }

    private void send(LogBatch batch) {
        try {
            MlflowReply reply = steadily.ask(() -> api.logBatch(run.id(), batch));
            run.requireThere(reply);
            if (reply.paramChanged()) {
                throw succession.replace();
            }
            reply.orThrow();
        } catch (PermanentException e) {
            if (batch.count() > 1 && !steadily.refusesMany()) {
                batch.halves().forEach(this::send);
            } else {
                operations(batch).forEach(operation -> refusals.add(operation, e));
            }
        }
    }

    /** A batch as operations, one of each kind. */
    private static List<Operation> operations(LogBatch batch) {
        List<Operation> operations = new ArrayList<>();
        if (!batch.params().isEmpty()) {
            operations.add(new Operation.Params(RunMessages.namedParams(batch.params())));
        }
        if (!batch.tags().isEmpty()) {
            operations.add(new Operation.SetTags(RunMessages.namedTags(batch.tags())));
        }
        if (!batch.metrics().isEmpty()) {
            operations.add(new Operation.Metrics(
                    batch.metrics().stream().map(RunMessages::point).toList()));
        }
        return operations;
    }
}
