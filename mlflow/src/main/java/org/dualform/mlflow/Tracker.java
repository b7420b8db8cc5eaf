package org.dualform.mlflow;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dualform.contract.DualformException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's way to MLflow. A server that is away, or full, or slow never fails the task: what there is to tell goes to the
 * spool, and whichever task or command comes next delivers it.
 */
public final class Tracker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);

    private final Mlflow mlflow;
    private final Spool spool;

    private Tracker(Mlflow mlflow, Spool spool) {
        this.mlflow = mlflow;
        this.spool = spool;
    }

    /** @param spool the worker's spool folder, shared by all its tasks */
    public static Tracker open(MlflowServer server, Path spool) {
        return open(server, spool, Patience.NORMAL);
    }

    public static Tracker open(MlflowServer server, Path spool, Patience patience) {
        return new Tracker(Mlflow.connect(server, patience), new Spool(spool));
    }

    /** The server itself, where a failure has to be seen: the first check, transport, looking up. */
    public Mlflow mlflow() {
        return mlflow;
    }

    /** Sends what earlier tasks on this worker left for this server; never fails. */
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

    /** Finds or makes the run and brings it to RUNNING; what waits for it in the spool comes first. */
    public TrackedRun run(RunSpec spec) {
        if (spool.holds(spec)) {
            deliver();
        }
        return TrackedRun.open(mlflow, spool, spec, !spool.holds(spec));
    }

    /** The chart of all curves of a study: grouped, where the server keeps that view, else as it opens by itself. */
    public URI charts(String experimentId, String study) {
        try {
            return mlflow.views().curves(experimentId, study);
        } catch (DualformException e) {
            LOG.warn("MLflow does not keep the view of all curves: {}", e.getMessage());
            return mlflow.links(experimentId).charts(study);
        }
    }

    /** The run's page, where the server knows it now. */
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
