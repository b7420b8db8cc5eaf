package org.dualform.task.transport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.store.WorkerName;
import org.dualform.task.store.Workspace;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one task: those that it reads, wherever they are, and those that it made, as far as they have to
 * travel. With {@code transport: shared} everything is in the workspace. With {@code transport: mlflow} the task's
 * result is sent to the run that the task writes or links to, and the same result that another worker sent there is
 * used.
 */
public final class TaskFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TaskFiles.class);

    private final Workspace workspace;
    private final boolean travel;
    private final boolean fresh;
    private final @Nullable SharedArtifacts artifacts;
    private final Cancellation cancellation;
    private final Consumer<String> say;
    private @Nullable SentResult seen;

    /**
     * @param mlflow the tracking server; null if nothing is tracked
     * @param say receives messages for people
     */
    public TaskFiles(
            Request request,
            Workspace workspace,
            @Nullable Mlflow mlflow,
            Cancellation cancellation,
            Consumer<String> say) {
        this.workspace = workspace;
        this.travel = request.travelsThroughMlflow();
        this.fresh = request.fresh();
        this.artifacts = mlflow == null ? null : new SharedArtifacts(mlflow);
        this.cancellation = cancellation;
        this.say = say;
    }

    /** Whether later tasks get this task's files from the tracking server. */
    public boolean travel() {
        return travel && artifacts != null;
    }

    /** @throws UserException if files have to travel and there is no server */
    public void check() {
        if (travel && artifacts == null) throw UserException.config(NO_SERVER);
    }

    /** Why {@code transport: mlflow} is refused where nothing is tracked. */
    public static final String NO_SERVER =
            "transport: mlflow needs an MLflow server to which every task sends its files, and nothing is tracked here."
                    + " In Airflow, name the server by MLFLOW_TRACKING_URI or by the connection of mlflow_conn_id; or"
                    + " use shared, as dualform run always does, since its tasks have one folder.";

    /**
     * A file of an earlier task. Its hash was compared.
     *
     * @param name the name of the input, for messages
     * @throws UserException if the file is gone or has changed, or if the reference leads elsewhere
     */
    public Path file(String name, Reference reference) throws IOException {
        if (!reference.uri().startsWith(Reference.ARTIFACTS)) return workspace.resolve(name, reference);
        ArtifactReference place = ArtifactReference.parse(name, reference);
        Optional<Reference> own = madeHere(place, reference);
        if (own.isPresent()) return workspace.resolve(name, own.get());
        SharedArtifacts from = artifacts;
        if (from == null)
            throw UserException.config("Input " + name + " is on a tracking server (" + reference.uri()
                    + "), and the request names none.");
        return workspace.fetched(name, reference, part -> fetch(from, name, place, reference, part), cancellation, say);
    }

    /** The file in this workspace, if this worker made it. */
    private Optional<Reference> madeHere(ArtifactReference place, Reference reference) throws IOException {
        return workspace.finished(place.kind(), place.key()).stream()
                .flatMap(result -> result.outputs().values().stream())
                .filter(output -> output.sha256().equals(reference.sha256()))
                .findFirst();
    }

    private void fetch(SharedArtifacts from, String name, ArtifactReference place, Reference reference, Path part) {
        try {
            from.files().resume(from.run(place.runId()), place.path(), part, reference.bytes(), cancellation::check);
        } catch (PermanentException e) {
            throw UserException.data(
                    "Input " + name + " cannot be had from MLflow: " + e.getMessage()
                            + " If the study was finished, its"
                            + " files were deleted: clear the task that made this one, or start the study anew.",
                    e);
        }
    }

    /**
     * The same result, if a worker has sent it. A server that is away is no reason not to compute.
     *
     * @param run the run that this task writes or links to
     */
    public Optional<Result> sent(String kind, String key, Optional<Result.Run> run) {
        SharedArtifacts on = artifacts;
        if (!travel || on == null || run.isEmpty()) return Optional.empty();
        try {
            SentResult result = SentResult.look(on, run.get().runId(), kind, key);
            seen = result;
            return result.read();
        } catch (DualformException e) {
            LOG.warn("Whether another worker has computed this cannot be seen: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Sends a result's files where later tasks find them.
     *
     * @param result with the run that the task wrote to or links to
     * @return the result, whose files are on the server; the same result if its files need not travel
     * @throws TransientException if the server does not take them now; the result is kept in the workspace
     */
    public Result send(Result result) throws IOException {
        SharedArtifacts to = artifacts;
        boolean here = result.outputs().values().stream()
                .anyMatch(output -> output.uri().startsWith(Reference.WORKSPACE));
        if (!travel || to == null || !here) return result;
        try {
            Result.Run run = result.tracking();
            if (run == null) throw noRun(to);
            String key = result.provenance().path("key").asText();
            SentResult known = seen;
            SentResult sent = known != null && known.isOf(run.runId(), result.kind(), key)
                    ? known
                    : SentResult.look(to, run.runId(), result.kind(), key);
            return sent.send(result, workspace.root(), cancellation);
        } catch (TransientException e) {
            throw new TransientException(
                    "Not all files of " + result.kind() + " are on MLflow: " + e.getMessage()
                            + " The result is kept in "
                            + workspace.root() + " on " + WorkerName.get() + ". A retry there sends what is missing"
                            + (fresh
                                    ? ", after it has computed anew, as it was told."
                                    : " and computes nothing again."),
                    e);
        }
    }

    /** The run could not be opened, and tracking says so in the log alone. Here it decides. */
    private static TransientException noRun(SharedArtifacts to) {
        to.check();
        return new TransientException(
                "there is no run to send them to, although " + to.server() + " answers now.", null);
    }
}
