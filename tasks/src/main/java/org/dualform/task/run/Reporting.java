package org.dualform.task.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.dualform.contract.Result;
import org.dualform.mlflow.Tracker;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.task.stop.Cancellation;

/**
 * The way to MLflow that the steps of one task share. A thread of its own tells MLflow what the steps found, while they go
 * on computing. The steps of a cell go on with each other's runs, and look up once what all of them need.
 *
 * <pre>{@code
 * try (Reporting reporting = new Reporting(cancellation)) {
 *     Result result = …; // steps of runners with this reporting
 *     reporting.flush();
 *     return result;
 * }
 * }</pre>
 *
 * <p>A task that ends without {@link #flush}, because it failed or was stopped, leaves in its spool what has not been told.
 * After a SIGKILL nothing is left of that; the task then has no result, and its next try tells all of it again.
 */
public final class Reporting implements AutoCloseable {
    /** The server and the spool of a tracker. */
    private record Place(String server, Path spool) {}

    private final Cancellation cancellation;
    private final Runnable abandoned = this::abandon;
    private final Map<Place, Tracker> trackers = new ConcurrentHashMap<>();
    private final Map<String, Result.Run> summaries = new ConcurrentHashMap<>();

    /** @param cancellation of the task; if the task is stopped and hangs, what has not been told goes to the spool */
    public Reporting(Cancellation cancellation) {
        this.cancellation = cancellation;
        cancellation.ifAbandoned(abandoned);
    }

    Tracker tracker(MlflowServer server, Path spool) {
        return trackers.computeIfAbsent(
                new Place(server.base().toString(), spool), place -> Tracker.inBackground(server, spool));
    }

    /** The link to the summary run of a study, as soon as one step has found it. */
    Optional<Result.Run> summary(String study) {
        return Optional.ofNullable(summaries.get(study));
    }

    void foundSummary(String study, Result.Run run) {
        summaries.put(study, run);
    }

    /**
     * Waits until MLflow has been told everything, or it waits in the spool.
     *
     * @throws org.dualform.contract.CancelledException if the task is asked to stop
     */
    public void flush() {
        trackers.values().forEach(tracker -> tracker.flush(cancellation::check));
    }

    private void abandon() {
        trackers.values().forEach(Tracker::abandon);
    }

    /** Does not wait: what has not been told goes to the spool. */
    @Override
    public void close() {
        cancellation.settled(abandoned);
        trackers.values().forEach(Tracker::close);
    }
}
