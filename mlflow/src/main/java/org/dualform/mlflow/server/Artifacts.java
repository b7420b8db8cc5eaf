package org.dualform.mlflow.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import okio.HashingSource;
import okio.Okio;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.HttpCall;
import org.dualform.mlflow.http.MlflowReply;
import org.dualform.mlflow.http.ServerErrorException;
import org.dualform.mlflow.rest.MlflowApi;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.StoredFile;
import org.mlflow.api.proto.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of runs. They are streamed through the server in both directions, and are never whole in memory.
 *
 * <p>A path is relative to the artifact folder of the run, as in {@code tables/examples.json}. A path that is not valid
 * ({@link ArtifactPath#valid}) is an {@link IllegalArgumentException}.
 */
public final class Artifacts {
    private static final Logger LOG = LoggerFactory.getLogger(Artifacts.class);

    /** The length of a download is unknown beforehand. One gibibyte is far more than Dualform ever writes. */
    private static final long MOST = 1L << 30;

    /** A folder below this many characters is not looked into: a server's folders might not end. */
    private static final int LONGEST_PATH = 1000;

    private static final long PIECE = 64 << 10;

    private final MlflowApi api;

    Artifacts(MlflowApi api) {
        this.api = api;
    }

    /**
     * Sends a file, and replaces the one that is there.
     *
     * @param attempts tries at most
     * @return with the hash of the bytes that were sent
     * @throws UserException if {@code file} cannot be read
     * @throws PermanentException if the server refuses the file
     */
    public StoredFile upload(RunView run, String path, Path file, int attempts) {
        return upload(run, path, file, attempts, () -> {});
    }

    /**
     * As {@link #upload(RunView, String, Path)}, for a caller that may be told to stop.
     *
     * @param alive called while the file is sent; it ends the sending by throwing
     */
    public StoredFile upload(RunView run, String path, Path file, Runnable alive) {
        return upload(run, path, file, Integer.MAX_VALUE, alive);
    }

    private StoredFile upload(RunView run, String path, Path file, int attempts, Runnable alive) {
        String target = ArtifactPath.call(run, path);
        long bytes;
        try {
            bytes = Files.size(file);
        } catch (IOException e) {
            throw UserException.data("Cannot read " + file + " to send it to MLflow: " + e.getMessage(), e);
        }
        FileBody body = new FileBody(file, bytes, alive);
        api.http()
                .text(new HttpCall("PUT", target, Map.of(), body, true, bytes, attempts))
                .orThrow();
        return new StoredFile(path, body.hash(), bytes);
    }

    /** As {@link #upload(RunView, String, Path, int)}, with as many tries as the limits of a call allow. */
    public StoredFile upload(RunView run, String path, Path file) {
        return upload(run, path, file, Integer.MAX_VALUE);
    }

    /**
     * Fetches a file. It is written beside its target first, and moved there when it is whole.
     *
     * @param sha256 the hash that its content must have
     * @throws TransientException if the content has another hash
     * @throws PermanentException if the run has no such file
     */
    public StoredFile download(RunView run, String path, Path target, String sha256) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            StoredFile got = fetch(run, path, part);
            if (!got.sha256().equals(sha256)) {
                throw new TransientException(
                        "The artifact " + path + " of run " + run.id() + " has sha256 " + got.sha256() + ", expected "
                                + sha256 + ".",
                        null);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return got;
        } catch (IOException e) {
            throw new PermanentException("Cannot write " + target + ": " + e.getMessage(), e);
        } finally {
            Scratch.delete(part);
        }
    }

    /**
     * Fetches a file whose hash is not known.
     *
     * @throws PermanentException if the run has no such file
     */
    public StoredFile download(RunView run, String path, Path target) {
        return fetch(run, path, target);
    }

    /**
     * Fetches a file, and goes on where an earlier call stopped. A server that does not give a part of a file gives the
     * whole again.
     *
     * @param part where the bytes are written; what it holds is the beginning of the file
     * @param bytes the size that the file must have
     * @param alive called while the file comes in; it ends the call by throwing
     * @throws UserException if the file has more bytes
     * @throws PermanentException if the run has no such file
     */
    public void resume(RunView run, String path, Path part, long bytes, Runnable alive) {
        new ResumedDownload(path, part, bytes, alive).from(api.http(), ArtifactPath.call(run, path));
    }

    /** The text of a small file; empty if the run has no such file. */
    public Optional<String> text(RunView run, String path) {
        MlflowReply reply = api.http().get(ArtifactPath.call(run, path), Map.of());
        return reply.status() == 404
                ? Optional.empty()
                : Optional.of(reply.orThrow().text());
    }

    /** The files that lie directly in a folder of the run, with their sizes; none if there is no such folder. */
    public Map<String, Long> sizes(RunView run, String folder) {
        Map<String, Long> sizes = new TreeMap<>();
        for (Service.FileInfo entry : api.listArtifacts(run.id(), folder)) {
            if (!entry.getIsDir()) {
                sizes.put(entry.getPath(), entry.getFileSize());
            }
        }
        return sizes;
    }

    /** Deletes a folder with everything in it, and does not look for it before. Nothing happens if there is none. */
    public void clear(RunView run, String folder) {
        MlflowReply reply =
                api.http().text(new HttpCall("DELETE", ArtifactPath.call(run, folder), Map.of(), null, true, 0));
        if (!reply.is("RESOURCE_DOES_NOT_EXIST")) {
            reply.orThrow();
        }
    }

    private StoredFile fetch(RunView run, String path, Path target) {
        HttpCall call = new HttpCall("GET", ArtifactPath.call(run, path), Map.of(), null, true, MOST);
        HttpCall.Outcome<StoredFile> got = api.http().send(call, response -> receive(response.body(), path, target));
        StoredFile file = got.value();
        if (file == null) {
            throw got.reply().failure();
        }
        return file;
    }

    private static StoredFile receive(ResponseBody body, String path, Path target) throws IOException {
        try (HashingSource source = HashingSource.sha256(body.source());
                BufferedSink sink = Okio.buffer(Okio.sink(target))) {
            long bytes = 0;
            for (long read; (read = source.read(sink.getBuffer(), PIECE)) != -1; sink.emitCompleteSegments()) {
                bytes += read;
                if (bytes > MOST) {
                    throw new PermanentException(
                            "The artifact " + path + " has more than " + (MOST >> 30) + " GiB; it is not fetched.",
                            null);
                }
            }
            return new StoredFile(path, source.hash().hex(), bytes);
        }
    }

    /**
     * The paths of all files below a folder of the run.
     *
     * @param folder {@code ""} for all files of the run
     */
    public List<String> list(RunView run, String folder) {
        List<String> files = new ArrayList<>();
        for (Service.FileInfo entry : api.listArtifacts(run.id(), folder)) {
            boolean below =
                    entry.getPath().startsWith(folder) && entry.getPath().length() > folder.length();
            if (entry.getIsDir() && below && entry.getPath().length() < LONGEST_PATH) {
                files.addAll(list(run, entry.getPath()));
            } else if (!entry.getIsDir()) {
                files.add(entry.getPath());
            }
        }
        return files;
    }

    /** Deletes a file, or a folder with everything in it. Nothing happens if there is none. */
    public void delete(RunView run, String path) {
        String target = ArtifactPath.call(run, path);
        String parent = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
        if (list(run, parent).stream().noneMatch(file -> file.equals(path) || file.startsWith(path + "/"))) {
            return;
        }
        api.http().text(new HttpCall("DELETE", target, Map.of(), null, true, 0)).orThrow();
    }

    /**
     * Copies the files of a run that another lacks, except its {@code transport} folder. A file that the server does not give
     * or take is left out and logged, and so are all files if it does not pass artifacts on.
     *
     * @param scratch an existing folder for files on their way
     */
    public void copyAll(RunView from, RunView to, Path scratch) {
        try {
            if (!ArtifactPath.served(from) || !ArtifactPath.served(to)) return;
            Set<String> there = new HashSet<>(list(to, ""));
            for (String path : list(from, "")) {
                if (!path.startsWith("transport/") && !there.contains(path)) {
                    copy(from, to, path, scratch.resolve("copy-" + UUID.randomUUID()));
                }
            }
        } catch (PermanentException | ServerErrorException e) {
            LOG.warn("The files of run {} are not copied to run {}: {}", from.id(), to.id(), e.getMessage());
        }
    }

    private void copy(RunView from, RunView to, String path, Path file) {
        try {
            fetch(from, path, file);
            upload(to, path, file);
        } catch (PermanentException | ServerErrorException e) {
            LOG.warn("{} of run {} is not copied to run {}: {}", path, from.id(), to.id(), e.getMessage());
        } finally {
            Scratch.delete(file);
        }
    }
}
