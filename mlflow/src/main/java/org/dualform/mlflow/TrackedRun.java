package org.dualform.mlflow;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dualform.contract.DualformException;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.live.LiveRun;
import org.dualform.mlflow.live.Operation;
import org.dualform.mlflow.live.Refusals;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.spool.Spool;
import org.dualform.mlflow.spool.SpoolSession;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Table;
import org.dualform.mlflow.value.Tags;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run as a task writes to it. No method fails because of the server. As long as MLflow answers, it is told at once;
 * from the first failure on, everything goes to the spool, in order. What MLflow refuses for good is set aside with the
 * reason ({@link org.dualform.mlflow.spool.Aside}); whatever comes after it goes on. The log names the first item of each
 * kind with its reason, and at the end how many there are.
 *
 * <p>A run of {@link Tracker#inBackground} is told by another thread, in the order in which it is written to, while the
 * writer goes on.
 *
 * <p>Names of params, tags and metrics may be any text ({@link org.dualform.mlflow.value.KeyCodec}). Log metrics before
 * files and the end. Threads may share one run.
 *
 * <pre>{@code
 * try (TrackedRun run = tracker.run(spec)) {
 *     run.metrics(List.of(new MetricPoint("accuracy", 0.75, 4)));
 *     run.file("report.html", report);
 *     run.end(RunStatus.FINISHED);
 * }
 * }</pre>
 */
public final class TrackedRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedRun.class);

    private final Mlflow mlflow;
    private final Spool spool;
    private final RunSpec spec;
    private final TextFiles texts;
    private final @Nullable Sender sender;

    private final RunQueue queue;
    private volatile boolean ended;
    private volatile boolean released;
    private final Map<Class<?>, Integer> aside = new HashMap<>();
    private final Set<String> filesAside = new HashSet<>();
    private final long began = System.currentTimeMillis();
    private volatile @Nullable LiveRun live;

    /** Whether a later try has taken over: this process outlives its own. */
    private volatile boolean silent;

    private volatile @Nullable SpoolSession session;

    private TrackedRun(Mlflow mlflow, Spool spool, RunSpec spec, @Nullable Sender sender) {
        this.sender = sender;
        this.queue = new RunQueue(sender, this::tell, this::abandon);
        this.mlflow = mlflow;
        this.spool = spool;
        this.spec = spec;
        this.texts = new TextFiles(spool);
    }

    /**
     * Opens a run.
     *
     * @param straight false if something older waits in the spool, so that this has to wait behind it
     * @param sender tells MLflow; null if the caller's thread does
     */
    static TrackedRun open(Mlflow mlflow, Spool spool, RunSpec spec, boolean straight, @Nullable Sender sender) {
        TrackedRun run = new TrackedRun(mlflow, spool, spec, sender);
        try {
            Refusals refusals = new Refusals(run::setAside);
            LiveRun live = straight ? run.openLive(refusals) : null;
            run.live = live;
            if (live != null && live.isOutdated()) {
                run.silent = true;
                LOG.warn(
                        "A later try has opened run {}; this one tells it nothing.",
                        live.run().id());
            }
        } catch (DualformException e) {
            LOG.warn("MLflow cannot be told now; what there is to tell waits in {}. {}", spool.root(), e.getMessage());
        }
        if (run.live == null) {
            run.startSpooling();
        } else if (sender != null) {
            run.queue.add(List.of()); // what the run was made without
        }
        return run;
    }

    private LiveRun openLive(Refusals refusals) {
        if (sender == null) return LiveRun.open(mlflow, spec, spool.scratch(), refusals);
        mlflow.runs().lookAhead(spec.experiment(), spec.key());
        return LiveRun.openSoon(mlflow, spec, spool.scratch(), refusals);
    }

    /** Whether a later step of the same task may go on with this run as it is. */
    boolean continues(RunSpec again) {
        return spec.equals(again) && !ended && !silent && session == null && live != null;
    }

    /** The id of the run, as soon as it exists on the server. */
    public Optional<String> id() {
        return view().map(RunView::id);
    }

    /** The page of the run in the UI, as soon as the run exists. */
    public Optional<URI> url() {
        return view().map(run -> mlflow.links(run.experimentId()).run(run.id()));
    }

    public Optional<String> experimentId() {
        return view().map(RunView::experimentId);
    }

    /** When this task opened the run, as the server has it; a server that has not been reached learns it later. */
    private long opened() {
        LiveRun now = live;
        return now == null ? began : now.opened();
    }

    private Optional<RunView> view() {
        return Optional.ofNullable(live).map(LiveRun::run);
    }

    /** Whether something of this run waits in the spool. */
    public boolean spooled() {
        queue.flush();
        return session != null;
    }

    /** Tells MLflow together, in few calls, what {@code saying} says about this run. */
    public void together(Runnable saying) {
        queue.together(saying);
    }

    /** Adds params. Another value than before means a new run. A long value is kept as a file. */
    public void params(Map<String, String> params) {
        queue.add(new Operation.Params(params));
    }

    /** Adds or changes tags. A long value is kept as a file. */
    public void tags(Map<String, String> tags) {
        queue.add(new Operation.SetTags(tags));
    }

    /**
     * Logs points, each once, however often this is called. Another value than before at the same step means a new run,
     * so all points of a run belong into one call where possible. A second value for one metric and step within a call is
     * set aside.
     */
    public void metrics(List<MetricPoint> points) {
        metrics(points, List.of());
    }

    /**
     * As {@link #metrics(List)}, with values that a clock measured.
     *
     * @param timings differ at every computation; they are logged only if the run has none of these metrics
     */
    public void metrics(List<MetricPoint> points, List<MetricPoint> timings) {
        SinglePoints single = SinglePoints.of(points);
        single.repeated()
                .forEach(point -> setAside(
                        new Operation.Metrics(List.of(point)),
                        point.key() + " has two values at step " + point.step() + "; the second is " + point.value()
                                + "."));
        queue.add(
                new Operation.Metrics(single.points(), SinglePoints.of(timings).points()));
    }

    public void datasets(List<DatasetUse> datasets) {
        queue.add(new Operation.Datasets(datasets));
    }

    /** Sends a file to {@code path} below the artifact folder of the run. The file may be deleted afterwards. */
    public void file(String path, Path file) {
        Path kept = file;
        try {
            if (queue.isLater()) kept = texts.keep(file);
        } catch (IOException e) {
            // It is told below that there is no such file.
        }
        queue.add(new Operation.PutFile(path, kept, false));
    }

    /** Whether MLflow did not take the file of this path, so that no link should lead to it. */
    public boolean refused(String path) {
        queue.flush();
        synchronized (this) {
            return filesAside.contains(path);
        }
    }

    /** As {@link #file}, with the content given. */
    public void text(String path, String content) {
        write(path, content, false);
    }

    /** @param path ends in {@code .json}, because MLflow shows no other tables */
    public void table(String path, Table table) {
        if (!path.endsWith(".json")) {
            throw new IllegalArgumentException("MLflow shows tables of .json files only: " + path);
        }
        write(path, table.json(), true);
    }

    /** Sets the text, in Markdown, that the UI shows on the page of the run. */
    public void note(String markdown) {
        queue.add(new Operation.SetTags(Map.of(Tags.NOTE, markdown)));
    }

    public void end(RunStatus status) {
        ended = true;
        queue.add(new Operation.End(status, System.currentTimeMillis()));
    }

    /**
     * Ends the run within a second, even if another call is under way: for a process that has been told to stop. The end
     * goes to the spool first, so that it is not lost if the process dies before the server has heard it.
     */
    public void endAtOnce(RunStatus status) {
        if (silent) return;
        long time = System.currentTimeMillis();
        ended = true;
        List<List<Operation>> before = queue.drain();
        try (SpoolSession last = spool.session(mlflow.server(), spec, opened())) {
            append(last, before);
            last.append(new Operation.End(status, time));
            LiveRun now = live;
            if (now != null) {
                try (Mlflow brief = Mlflow.connect(mlflow.server(), CallLimits.BRIEF)) {
                    brief.runs().end(now.run().id(), status, time);
                    if (before.isEmpty()) last.remove();
                }
            }
        } catch (DualformException | IOException e) {
            LOG.warn("MLflow hears later that the run is {}: {}", status, e.getMessage());
        }
    }

    /**
     * Leaves what has not been told in the spool, since the process is about to end. What is being told at this moment is
     * told again later, which changes nothing.
     */
    void abandon() {
        List<List<Operation>> rest = queue.drain();
        if (rest.isEmpty() || silent) return;
        try (SpoolSession last = spool.session(mlflow.server(), spec, opened())) {
            append(last, rest);
        } catch (DualformException | IOException e) {
            LOG.warn("Cannot keep for MLflow in {}: {}", spool.root(), e.getMessage());
        }
    }

    private static void append(SpoolSession session, List<List<Operation>> all) throws IOException {
        for (List<Operation> operations : all) {
            for (Operation operation : operations) session.append(operation);
        }
    }

    private void write(String path, String content, boolean table) {
        try {
            queue.add(new Operation.PutFile(path, texts.write(content), table));
        } catch (IOException e) {
            LOG.warn("Cannot write {} for MLflow: {}", path, e.getMessage());
        }
    }

    private synchronized void tell(List<Operation> operations) {
        if (silent) return;
        LiveRun now = live;
        if (session == null && now != null) {
            try {
                now.apply(operations);
                silent = now.isOutdated();
                return;
            } catch (DualformException e) {
                LOG.warn("MLflow is told later; what there is to tell waits in {}. {}", spool.root(), e.getMessage());
            }
        }
        SpoolSession kept = startSpooling();
        try {
            if (kept != null) {
                append(kept, List.of(operations));
            }
        } catch (IOException e) {
            LOG.warn("Cannot keep for MLflow in {}: {}", spool.root(), e.getMessage());
        }
    }

    private synchronized void setAside(Operation item, String reason) {
        String where;
        try {
            where = spool.aside()
                    .put(mlflow.server().base().toString(), spec, item, reason)
                    .toString();
        } catch (IOException e) {
            where = "nowhere, because it cannot be written (" + e.getMessage() + ")";
        }
        if (item instanceof Operation.PutFile file) {
            filesAside.add(file.path());
        }
        if (aside.merge(item.getClass(), 1, Integer::sum) == 1) {
            LOG.warn("MLflow does not take {}; it is kept in {}. {}", what(item), where, reason);
        }
    }

    private static String what(Operation item) {
        return item instanceof Operation.PutFile file ? "the file " + file.path() : "something";
    }

    private void tellHowMany() {
        int more = aside.values().stream().mapToInt(count -> count - 1).sum();
        if (more > 0) {
            LOG.warn(
                    "MLflow does not take {} more items of this run; they are kept in {}, each with its reason.",
                    more,
                    spool.aside().root());
        }
    }

    private @Nullable SpoolSession startSpooling() {
        try {
            if (session == null) {
                session = spool.session(mlflow.server(), spec, opened());
            }
        } catch (DualformException | IOException e) {
            LOG.warn("Cannot keep for MLflow in {}: {}", spool.root(), e.getMessage());
        }
        return session;
    }

    /**
     * Ends the spooling, so that what waits can be delivered. The state of the run stays as it is. A run that is told in the
     * background and has not ended stays open for later steps, until its tracker is closed.
     */
    @Override
    public void close() {
        if (sender == null) release();
        else if (ended) sender.submit(this::release);
    }

    /** Whether it is closed for good. */
    boolean isReleased() {
        return released;
    }

    /** Closes the run for good; nothing happens if it is. */
    synchronized void release() {
        if (released) return;
        released = true;
        tellHowMany();
        try {
            if (session != null) {
                session.close();
            }
            texts.close();
        } catch (IOException e) {
            LOG.warn("Cannot close {}: {}", spool.root(), e.getMessage());
        }
    }
}
