package org.dualform.mlflow.live;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run on the server that operations are applied to.
 *
 * <p>If the run turns out to hold other params or metrics, a new run takes its key, the old one is tagged as superseded,
 * and what was said before is said again to the new one. The same happens if somebody has deleted the run.
 *
 * <p>What the server refuses for good goes to {@link Refusals}, and everything else arrives. A server that is away or
 * forbids the call is a {@link org.dualform.contract.DualformException}.
 */
public final class LiveRun {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRun.class);
    private static final int REOPENINGS = 4;

    private final CurrentRun run;
    private final Steadily steadily;
    private final Refusals refusals;
    private final Said said = new Said();
    private final ValueSender values;
    private final MetricSender metrics;
    private final DatasetSender datasets;
    private final FileSender files;
    private final Together together;
    private boolean specified;

    private LiveRun(CurrentRun run, Mlflow mlflow, Path scratch, Refusals refusals) {
        this.run = run;
        this.refusals = refusals;
        this.steadily = new Steadily(run);
        Succession succession = new Succession(mlflow, run, scratch);
        BatchSender batches = new BatchSender(mlflow.api(), run, succession, steadily, refusals);
        files = new FileSender(mlflow, run, batches, steadily, refusals, scratch);
        values = new ValueSender(run, succession, batches, files, refusals);
        metrics = new MetricSender(mlflow, run, succession, batches, said);
        datasets = new DatasetSender(mlflow.api(), run, steadily, refusals);
        together = new Together(run, values, metrics, datasets, files);
    }

    /**
     * Finds or makes the run, and brings it to RUNNING; unless it {@linkplain #isOutdated() belongs to a later try}.
     *
     * @param scratch an existing folder for files on their way
     */
    public static LiveRun open(Mlflow mlflow, RunSpec spec, Path scratch, Refusals refusals) {
        return open(CurrentRun.live(mlflow, spec), mlflow, scratch, refusals);
    }

    /**
     * As {@link #open}; but if this makes the run, its params and tags are left for the first {@link #apply(List)}, even of
     * no operation. An older run may have to be replaced, so it gets them now.
     */
    public static LiveRun openSoon(Mlflow mlflow, RunSpec spec, Path scratch, Refusals refusals) {
        CurrentRun run = CurrentRun.live(mlflow, spec);
        return run.isMade() ? new LiveRun(run, mlflow, scratch, refusals) : open(run, mlflow, scratch, refusals);
    }

    /**
     * As {@link #open}, but a run that has ended stays so: what is said about it now was said before it ended. Where a
     * later task has opened the run since, what that one said stands: this adds only what is not there.
     *
     * @param opened when the writer opened the run, in milliseconds since 1970; 0 if that is not known
     */
    public static LiveRun reopen(Mlflow mlflow, RunSpec spec, long opened, Path scratch, Refusals refusals) {
        return open(CurrentRun.late(mlflow, spec, opened), mlflow, scratch, refusals);
    }

    private static LiveRun open(CurrentRun run, Mlflow mlflow, Path scratch, Refusals refusals) {
        LiveRun live = new LiveRun(run, mlflow, scratch, refusals);
        if (run.isOutdated()) return live;
        live.untilItStays(live::specify);
        return live;
    }

    /** When this writer opened the run, in milliseconds since 1970. */
    public long opened() {
        return run.opened();
    }

    /** Whether a later try of the same task has opened the run: everything is told by that one. */
    public boolean isOutdated() {
        return run.isOutdated();
    }

    /** The run as it was last seen. */
    public RunView run() {
        return run.view();
    }

    private void specify() {
        if (!specified) values.specification();
        specified = true;
    }

    /**
     * Applies operations in few calls, as if they were applied one by one; but metrics that are there already with other
     * values count before any file is sent.
     */
    public void apply(List<Operation> operations) {
        if (operations.size() == 1 || !Together.agree(operations)) {
            operations.forEach(this::apply);
            return;
        }
        try {
            untilItStays(() -> steadily.tell(() -> {
                specify();
                if (!operations.isEmpty()) together.send(operations);
            }));
            operations.forEach(said::add);
        } catch (PermanentException | IllegalArgumentException e) {
            // One of them is at fault, and is found one by one. What has been said is the same when said again.
            operations.forEach(this::apply);
        }
    }

    /** Applies an operation; what the server refuses of it for good goes to {@link Refusals}. */
    public void apply(Operation operation) {
        try {
            untilItStays(() -> steadily.tell(() -> {
                specify();
                send(operation);
            }));
            said.add(operation);
        } catch (PermanentException | IllegalArgumentException e) {
            refusals.add(operation, e);
        }
    }

    /** Gives a run that took the place of an ended one the state of that one, unless an operation has ended it. */
    public void restoreStatus() {
        run.restoreStatus();
    }

    /** Acts on the run. If the run goes, brings its successor to the same point and acts on that. */
    private void untilItStays(Runnable action) {
        RunGone last = null;
        for (int i = 0; i < REOPENINGS; i++) {
            try {
                if (last != null) {
                    run.find();
                    specified = false;
                    specify();
                    sayAgain();
                }
                action.run();
                return;
            } catch (RunGone e) {
                LOG.info("{}", e.getMessage());
                last = e;
            }
        }
        throw new TransientException("The MLflow run " + run.spec().key().value() + " does not stay: " + last, last);
    }

    private void sayAgain() {
        for (Operation before : said.all()) {
            if (before instanceof Operation.PutFile put && !Files.exists(put.file())) {
                LOG.warn("{} cannot be sent again to run {}: it is gone.", put.file(), run.id());
            } else {
                send(before);
            }
        }
    }

    private void send(Operation operation) {
        if (operation instanceof Operation.Params params) {
            values.params(params.values());
        } else if (operation instanceof Operation.SetTags tags) {
            values.tags(tags.values());
        } else if (operation instanceof Operation.Metrics points) {
            metrics.send(points.points(), points.timings());
        } else if (operation instanceof Operation.Datasets uses) {
            datasets.send(uses.datasets());
        } else if (operation instanceof Operation.PutFile file) {
            files.send(file);
        } else if (operation instanceof Operation.End end) {
            run.end(end.status(), end.time());
        }
    }
}
