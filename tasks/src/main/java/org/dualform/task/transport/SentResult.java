package org.dualform.task.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.StoredFile;
import org.dualform.task.stop.Cancellation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's result on the tracking server, in the folder {@code transport/KIND/KEY} of a run. The file {@value #RESULT}
 * is sent last: where it is, everything is. The name of every other file begins with the hash of its bytes. So a file
 * that is there with the right size is not sent again, and no file is ever replaced by another that a reader does not
 * expect.
 */
final class SentResult {
    private static final Logger LOG = LoggerFactory.getLogger(SentResult.class);
    private static final String RESULT = "result.json";
    /** As many digits of the hash as make a name unique. The reader compares the whole hash. */
    private static final int DIGITS = 12;

    private final SharedArtifacts artifacts;
    private final ArtifactReference place;
    private final RunView run;
    private final Map<String, Long> there;

    private SentResult(SharedArtifacts artifacts, ArtifactReference place, RunView run, Map<String, Long> there) {
        this.artifacts = artifacts;
        this.place = place;
        this.run = run;
        this.there = there;
    }

    /** Looks up what is there: two calls. */
    static SentResult look(SharedArtifacts artifacts, String runId, String kind, String key) {
        ArtifactReference place = new ArtifactReference(runId, kind, key, RESULT);
        RunView run = artifacts.run(runId);
        return new SentResult(artifacts, place, run, artifacts.files().sizes(run, place.folder()));
    }

    boolean isOf(String runId, String kind, String key) {
        return place.equals(new ArtifactReference(runId, kind, key, RESULT));
    }

    /** The result that some worker has sent whole; empty if there is none, or if it is damaged. */
    Optional<Result> read() {
        if (!there.containsKey(place.path())) return Optional.empty();
        Optional<String> text = artifacts.files().text(run, place.path());
        if (text.isEmpty()) return Optional.empty();
        try {
            Result result = Result.parse(Json.mapper().readTree(text.get()));
            if (isWhole(result)) return Optional.of(result);
            LOG.warn("{} of run {} names files that are not beside it; it is not used.", place.path(), run.id());
        } catch (JsonProcessingException | UserException e) {
            LOG.warn("{} of run {} is damaged and is not used: {}", place.path(), run.id(), e.getMessage());
        }
        return Optional.empty();
    }

    private boolean isWhole(Result result) {
        return result.kind().equals(place.kind())
                && result.provenance().path("key").asText().equals(place.key())
                && result.outputs().values().stream().allMatch(this::isHere);
    }

    private boolean isHere(Reference output) {
        ArtifactReference named = ArtifactReference.parse(RESULT, output);
        return named.equals(place.beside(named.file()))
                && Long.valueOf(output.bytes()).equals(there.get(named.path()));
    }

    /**
     * Sends the files that are not there, and then the result.
     *
     * @param local the result with its files in the workspace
     * @param workspace the workspace's folder
     * @return the result with its files on the server
     */
    Result send(Result local, Path workspace, Cancellation cancellation) throws IOException {
        Map<String, Reference> places = new TreeMap<>();
        boolean changed = false;
        for (Map.Entry<String, Reference> output : local.outputs().entrySet()) {
            Reference reference = output.getValue();
            Path file = workspace.resolve(reference.path());
            ArtifactReference target = place.beside(reference.sha256().substring(0, DIGITS) + "." + file.getFileName());
            if (!Long.valueOf(reference.bytes()).equals(there.get(target.path()))) {
                send(file, target, reference, cancellation);
                changed = true;
            }
            places.put(output.getKey(), new Reference(target.uri(), reference.sha256(), reference.bytes()));
        }
        Result sent = local.withOutputs(places);
        sendResult(sent, workspace, changed, cancellation);
        return sent;
    }

    private void send(Path file, ArtifactReference target, Reference reference, Cancellation cancellation) {
        StoredFile stored = artifacts.files().upload(run, target.path(), file, cancellation::check);
        if (!stored.sha256().equals(reference.sha256()))
            throw UserException.data(
                    file + " changed since it was made: what was sent has sha256 " + stored.sha256() + ", expected "
                            + reference.sha256() + ". Clear the task, or give the same command again with --fresh.");
        there.put(target.path(), reference.bytes());
    }

    private void sendResult(Result sent, Path workspace, boolean changed, Cancellation cancellation)
            throws IOException {
        byte[] text = Json.pretty(sent.untracked().toJson()).getBytes(StandardCharsets.UTF_8);
        Long known = there.get(place.path());
        if (!changed && known != null && known == text.length) return;
        Path file = Files.createTempFile(workspace.resolve("tmp"), "sent-", ".json");
        try {
            Files.write(file, text);
            artifacts.files().upload(run, place.path(), file, cancellation::check);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
