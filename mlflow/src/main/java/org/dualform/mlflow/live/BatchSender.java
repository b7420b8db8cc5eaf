package org.dualform.mlflow.live;

import java.util.List;
import java.util.Map;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.mlflow.http.MlflowReply;
import org.dualform.mlflow.rest.LogBatch;
import org.dualform.mlflow.rest.MlflowApi;
import org.dualform.mlflow.rest.RunMessages;
import org.dualform.mlflow.value.MetricPoint;
import org.mlflow.api.proto.Service;

/**
 * Sends params, tags and metrics. MLflow refuses a whole batch for one bad item; a refused batch is therefore halved and
 * sent again until the bad items stand alone. Those are passed to {@link Refusals}; all others arrive.
 */
final class BatchSender {
    private final MlflowApi api;
    private final CurrentRun run;
    private final Succession succession;
    private final Refusals refusals;

    BatchSender(MlflowApi api, CurrentRun run, Succession succession, Refusals refusals) {
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
        MlflowReply reply = api.logBatch(run.id(), batch);
        if (reply.ok()) {
            return;
        }
        run.requireThere(reply);
        if (reply.paramChanged()) {
            throw succession.replace();
        }
        DualformException failure = reply.failure();
        if (!(failure instanceof PermanentException)) {
            throw failure;
        }
        if (batch.count() > 1) {
            batch.halves().forEach(this::send);
        } else {
            refusals.add(operation(batch), failure);
        }
    }

    /** A batch of one item as an operation. */
    private static Operation operation(LogBatch batch) {
        if (!batch.params().isEmpty()) {
            return new Operation.Params(RunMessages.namedParams(batch.params()));
        }
        if (!batch.tags().isEmpty()) {
            return new Operation.SetTags(RunMessages.namedTags(batch.tags()));
        }
        List<Service.Metric> metrics = batch.metrics();
        return new Operation.Metrics(metrics.stream().map(RunMessages::point).toList());
    }
}
