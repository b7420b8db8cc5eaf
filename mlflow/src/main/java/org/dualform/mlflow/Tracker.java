package org.dualform.mlflow;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
import org.jspecify.annotations.Nullable;
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
    private final @Nullable Sender sender;

    /** The runs that the sender tells, by experiment and key. */
    private final Map<String, TrackedRun> open = new ConcurrentHashMap<>();

    private Tracker(Mlflow mlflow, Spool spool, @Nullable Sender sender) {
        this.mlflow = mlflow;
        this.spool = spool;
        this.sender = sender;
    }

    /** @param spool the spool folder of the worker, which all its tasks share */
    public static Tracker open(MlflowServer server, Path spool) {
        return open(server, spool, CallLimits.NORMAL);
    }

    public static Tracker open(MlflowServer server, Path spool, CallLimits limits) {
        return new Tracker(Mlflow.connect(server, limits), new Spool(spool), null);
    }

    /**
     * A tracker for several steps that one process takes one after the other. A thread of its own tells MLflow what is
     * written to runs, in that order, and in fewer calls: a step goes on with a run that an earlier step left open. A run is
     * found or made before {@link #run} returns, so that its link is known.
     *
     * <p>Call {@link #flush} at the end. {@link #close} does not wait, and leaves what has not been told in the spool.
     */
    public static Tracker inBackground(MlflowServer server, Path spool) {
        return new Tracker(Mlflow.connect(server, CallLimits.NORMAL), new Spool(spool), new Sender());
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
        if (sender == null) return opened(spec);
        String name = spec.experiment() + "\n" + spec.key().value();
        TrackedRun before = open.get(name);
        if (before != null && before.continues(spec)) return before;
        if (before != null) {
            sender.flush(() -> {});
            before.release();
        }
        open.values().removeIf(TrackedRun::isReleased);
        TrackedRun run = opened(spec);
        open.put(name, run);
        return run;
    }

    private TrackedRun opened(RunSpec spec) {
        if (spool.holds(spec)) {
            deliver();
        }
        return TrackedRun.open(mlflow, spool, spec, !spool.holds(spec), sender);
    }

    /**
     * Waits until everything that was written to runs has been told to MLflow, or waits in the spool.
     *
     * @param alive called again and again meanwhile; it ends the waiting by throwing
     */
    public void flush(Runnable alive) {
        if (sender != null) sender.flush(alive);
    }

    /** Leaves what has not been told in the spool, since the process is about to end. */
    public void abandon() {
        open.values().forEach(TrackedRun::abandon);
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
        abandon();
        if (sender != null) sender.close();
        open.values().forEach(TrackedRun::release);
        mlflow.close();
    }
}
