package org.dualform.mlflow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import org.dualform.base.Sha256;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.mlflow.api.proto.Service;

/** Files of runs: streamed up and down through the server, never whole in memory. */
public final class Artifacts {
    private static final String PROXY = "api/2.0/mlflow-artifacts/artifacts/";
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "json", "application/json", "md", "text/markdown", "txt", "text/plain");

    private final MlflowApi api;

    Artifacts(MlflowApi api) {
        this.api = api;
    }

    /**
     * Sends a file; one that is there already is replaced.
     *
     * @param path below the run's artifact folder, as in {@code tables/examples.json}
     * @return with the hash of the bytes sent
     * @throws UserException if {@code file} cannot be read
     */
    public StoredFile upload(RunView run, String path, Path file) {
        requirePath(path);
        long bytes;
        try {
            bytes = Files.size(file);
        } catch (IOException e) {
            throw UserException.data("Cannot read " + file + " to send it to MLflow: " + e.getMessage(), e);
        }
        String target = PROXY + folder(run) + "/" + path;
        FileBody body = new FileBody(file, bytes);
        api.http()
                .json(new MlflowHttp.Call("PUT", target, Map.of(), body, true, bytes))
                .orThrow();
        return new StoredFile(path, body.hash(), bytes);
    }

    /**
     * Fetches a file, beside its target first, then moved there whole.
     *
     * @param sha256 what its content must hash to
     * @throws TransientException if what came is something else
     * @throws PermanentException if the run has no such file
     */
    public StoredFile download(RunView run, String path, Path target, String sha256) {
        requirePath(path);
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
            deleteQuietly(part);
        }
    }

    private StoredFile fetch(RunView run, String path, Path target) {
        MlflowHttp.Call call = new MlflowHttp.Call(
                "GET", PROXY + folder(run) + "/" + path, Map.of(), null, true, Long.MAX_VALUE >> 24);
        MlflowHttp.Outcome<StoredFile> got = api.http().send(call, body -> receive(body, path, target));
        StoredFile file = got.value();
        if (file == null) {
            throw got.answer().failure();
        }
        return file;
    }

    private static StoredFile receive(ResponseBody body, String path, Path target) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        long bytes;
        try (InputStream in = new DigestInputStream(body.byteStream(), digest)) {
            bytes = Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
        return new StoredFile(path, Sha256.hex(digest), bytes);
    }

    /** Paths of all files of the run below {@code folder} ({@code ""}: all of them). */
    public List<String> list(RunView run, String folder) {
        List<String> files = new ArrayList<>();
        for (Service.FileInfo entry : api.listArtifacts(run.id(), folder)) {
            if (entry.getIsDir()) {
                files.addAll(list(run, entry.getPath()));
            } else {
                files.add(entry.getPath());
            }
        }
        return files;
    }

    /** Deletes a file or a folder with all in it; nothing there is as well. */
    public void delete(RunView run, String path) {
        requirePath(path);
        if (list(run, parent(path)).stream().noneMatch(file -> file.equals(path) || file.startsWith(path + "/"))) {
            return;
        }
        String target = PROXY + folder(run) + "/" + path;
        api.http()
                .json(new MlflowHttp.Call("DELETE", target, Map.of(), null, true, 0))
                .orThrow();
    }

    private static String parent(String path) {
        return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
    }

    /** Copies what {@code from} holds, without its {@code transport} folder, to {@code to}. */
    void copyAll(RunView from, RunView to, Path scratch) {
        for (String path : list(from, "")) {
            if (path.startsWith("transport/")) {
                continue;
            }
            Path file = scratch.resolve("copy-" + Names.sha256(from.id() + path));
            fetch(from, path, file);
            upload(to, path, file);
            deleteQuietly(file);
        }
    }

    private String folder(RunView run) {
        URI uri = URI.create(run.artifactUri());
        if (!"mlflow-artifacts".equals(uri.getScheme())) {
            throw UserException.config("MLflow keeps the artifacts of this experiment at " + run.artifactUri()
                    + ", not behind its server. Start it with --artifacts-destination and choose an experiment made "
                    + "since then.");
        }
        return uri.getPath().replaceAll("^/+|/+$", "");
    }

    private static void requirePath(String path) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.contains("\\")) {
                throw new IllegalArgumentException("Not a path below an artifact folder: '" + path + "'");
            }
        }
    }

    static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file as a request's body: its length is told ahead, its bytes are hashed on the way. */
    private static final class FileBody extends RequestBody {
        private final Path file;
        private final long bytes;
        private String hash = "";

        FileBody(Path file, long bytes) {
            this.file = file;
            this.bytes = bytes;
        }

        @Override
        public MediaType contentType() {
            String name = file.getFileName().toString();
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            return MediaType.get(type == null ? "application/octet-stream" : type);
        }

        @Override
        public long contentLength() {
            return bytes;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            MessageDigest digest = Sha256.newDigest();
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(sink.outputStream());
            }
            hash = Sha256.hex(digest);
        }

        String hash() {
            return hash;
        }
    }
}
