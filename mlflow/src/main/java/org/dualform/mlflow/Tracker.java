package org.dualform.mlflow;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dualform.contract.DualformException;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.spool.Deliverer;
import org.dualform.mlflow.spool.Delivery;
import org.dualform.mlflow.spool.Spool;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's way to MLflow. A server that is away, full or slow never makes the task fail: what there is to tell goes to the
 * spool, and the next task or {@code dualform deliver} delivers it.
 */
public final class Tracker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);

    private final Mlflow mlflow;
    private final Spool spool;

    private Tracker(Mlflow mlflow, Spool spool) {
        this.mlflow = mlflow;
        this.spool = spool;
    }

    /** @param spool the spool folder of the worker, which all its tasks share */
    public static Tracker open(MlflowServer server, Path spool) {
        return open(server, spool, CallLimits.NORMAL);
    }

    public static Tracker open(MlflowServer server, Path spool, CallLimits limits) {
        return new Tracker(Mlflow.connect(server, limits), new Spool(spool));
    }

    /** The server itself, for calls whose failure has to be seen. */
    public Mlflow mlflow() {
        return mlflow;
    }

    /** Delivers what earlier tasks on this worker left for this server. Never fails. */
    public Delivery deliver() {
        try {
            Delivery delivery = new Deliverer(mlflow, spool, false).deliver();
            delivery.problems().forEach(problem -> LOG.warn("{}", problem));
            return delivery;
        } catch (DualformException e) {
            LOG.warn("What waits for MLflow cannot be delivered: {}", e.getMessage());
            return new Delivery(0, 0, List.of(), List.of());
        }
    }

    /** Finds or makes the run, and brings it to RUNNING. What waits for it in the spool is delivered first. */
    public TrackedRun run(RunSpec spec) {
        if (spool.holds(spec)) {
            deliver();
        }
        return TrackedRun.open(mlflow, spool, spec, !spool.holds(spec));
    }

    /** The page with all curves of a study: grouped if the server keeps that view, else not grouped. */
    public URI charts(String experimentId, String study) {
        try {
            return mlflow.views().curves(experimentId, study);
        } catch (DualformException e) {
            LOG.warn("MLflow does not keep the view of all curves: {}", e.getMessage());
            return mlflow.links(experimentId).charts(study);
        }
    }

    /** The run, if the server knows it and answers. */
    public Optional<RunView> find(String experiment, RunKey key) {
        try {
            return mlflow.runs().find(experiment, key);
        } catch (DualformException e) {
            LOG.warn("MLflow cannot be asked now: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        mlflow.close();
    }
}
