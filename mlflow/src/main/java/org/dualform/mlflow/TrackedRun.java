package org.dualform.mlflow;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run as a task speaks to it: nothing here fails for the server's sake. While MLflow answers, it is told at once; from
 * the first failure on, everything goes to the spool, in order. Log metrics before files and the end. Threads may share
 * one.
 */
public final class TrackedRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedRun.class);

    private final Mlflow mlflow;
    private final Spool spool;
    private final RunSpec spec;
    private final List<Path> temporary = new ArrayList<>();
    private volatile @Nullable LiveRun live;
    private @Nullable SpoolSession session;

    private TrackedRun(Mlflow mlflow, Spool spool, RunSpec spec) {
        this.mlflow = mlflow;
        this.spool = spool;
        this.spec = spec;
    }

    /** @param straight false where something older waits in the spool, so that order asks this to wait behind it */
    static TrackedRun open(Mlflow mlflow, Spool spool, RunSpec spec, boolean straight) {
        TrackedRun run = new TrackedRun(mlflow, spool, spec);
        try {
            run.live = straight ? LiveRun.open(mlflow, spec, spool.scratch()) : null;
        } catch (DualformException e) {
            LOG.warn("MLflow cannot be told now; what there is to tell waits in {}. {}", spool.root(), e.getMessage());
        }
        if (run.live == null) {
            run.startSpooling();
        }
        return run;
    }

    /** The run's id, once it exists on the server. */
    public synchronized Optional<String> id() {
        return Optional.ofNullable(live).map(l -> l.run().id());
    }

    /** The run's page in the UI, once it exists. */
    public synchronized Optional<URI> url() {
        return view().map(run -> mlflow.links(run.experimentId()).run(run.id()));
    }

    public synchronized Optional<String> experimentId() {
        return view().map(RunView::experimentId);
    }

    synchronized Optional<RunView> view() {
        return Optional.ofNullable(live).map(LiveRun::run);
    }

    /** Whether something waits in the spool. */
    public synchronized boolean spooled() {
        return session != null;
    }

    /** Adds params; one with another value than before means a new run. Keys are cleaned, long values kept as files. */
    public void params(Map<String, String> params) {
        record(new Operation.Params(params));
    }

    public void tags(Map<String, String> tags) {
        record(new Operation.SetTags(tags));
    }

    /**
     * Logs points, each once, however often this is called. All points of a run belong in one call where possible:
     * another value than before at the same step means a new run.
     *
     * @throws IllegalArgumentException for a key that MLflow does not take, or two values for one key and step
     */
    public void metrics(List<MetricPoint> points) {
        Map<List<Object>, Double> seen = new HashMap<>();
        for (MetricPoint point : points) {
            Names.require("metric", point.key());
            Double other = seen.put(List.of(point.key(), point.step()), point.value());
            if (other != null && !point.sameValue(other)) {
                throw new IllegalArgumentException(
                        point.key() + " has two values at step " + point.step() + ": " + other + ", " + point.value());
            }
        }
        record(new Operation.Metrics(points.stream().distinct().toList()));
    }

    public void datasets(List<DatasetUse> datasets) {
        record(new Operation.Datasets(datasets));
    }

    /** Sends a file to {@code path} below the run's artifact folder; the file may go afterwards. */
    public void file(String path, Path file) {
        record(new Operation.PutFile(path, file, false));
    }

    /** As {@link #file}, with the content given. */
    public void text(String path, String content) {
        written(path, content, false);
    }

    /** @param path must end in {@code .json} */
    public void table(String path, Table table) {
        if (!path.endsWith(".json")) {
            throw new IllegalArgumentException("MLflow shows tables of .json files only: " + path);
        }
        written(path, table.json(), true);
    }

    /** Markdown that the UI shows on the run's page. */
    public void note(String markdown) {
        record(new Operation.SetTags(Map.of(Tags.NOTE, markdown)));
    }

    public void end(RunStatus status) {
        record(new Operation.End(status, System.currentTimeMillis()));
    }

    /**
     * As {@link #end}, within a second and without waiting for a call under way: for a process told to stop. Kept in the
     * spool first, so that it is not lost if the process ends before the server has heard it.
     */
    public void endAtOnce(RunStatus status) {
        long time = System.currentTimeMillis();
        try (SpoolSession last = spool.session(mlflow.server(), spec)) {
            last.append(new Operation.End(status, time));
            LiveRun now = live;
            if (now != null) {
                try (Mlflow brief = Mlflow.connect(mlflow.server(), Patience.BRIEF)) {
                    brief.runs().end(now.run().id(), status, time);
                    last.remove();
                }
            }
        } catch (DualformException | IOException e) {
            LOG.warn("MLflow hears later that the run is {}: {}", status, e.getMessage());
        }
    }

    private synchronized void written(String path, String content, boolean table) {
        try {
            Path file = spool.scratch()
                    .resolve(UUID.randomUUID() + "-" + Path.of(path).getFileName());
            temporary.add(file);
            Files.writeString(file, content);
            record(new Operation.PutFile(path, file, table));
        } catch (IOException e) {
            LOG.warn("Cannot write {} for MLflow: {}", path, e.getMessage());
        }
    }

    private synchronized void record(Operation operation) {
        LiveRun now = live;
        if (session == null && now != null) {
            try {
                now.apply(operation);
                return;
            } catch (PermanentException e) {
                LOG.warn("MLflow does not take this: {}", e.getMessage());
                return;
            } catch (DualformException e) {
                LOG.warn("MLflow is told later, what there is to tell waits in {}. {}", spool.root(), e.getMessage());
            }
        }
        SpoolSession waiting = startSpooling();
        try {
            if (waiting != null) {
                waiting.append(operation);
            }
        } catch (IOException e) {
            LOG.warn("Cannot keep for MLflow in {}: {}", spool.root(), e.getMessage());
        }
    }

    private @Nullable SpoolSession startSpooling() {
        try {
            if (session == null) {
                session = spool.session(mlflow.server(), spec);
            }
        } catch (IOException e) {
            LOG.warn("Cannot keep for MLflow in {}: {}", spool.root(), e.getMessage());
        }
        return session;
    }

    /** Ends the spooling, so that it can be delivered; the run itself stays as it is. */
    @Override
    public synchronized void close() {
        try {
            if (session != null) {
                session.close();
            }
            temporary.forEach(Artifacts::deleteQuietly);
        } catch (IOException e) {
            LOG.warn("Cannot close {}: {}", spool.root(), e.getMessage());
        }
    }
}
