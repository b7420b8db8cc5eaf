package org.dualform.hub.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RemoteFile;
import org.dualform.hub.http.Repository;

/**
 * The cache's layout, shared with huggingface_hub.
 *
 * <pre>
 * models--ORG--NAME/refs/REVISION             the commit it stood for last
 * models--ORG--NAME/blobs/ETAG                contents
 * models--ORG--NAME/snapshots/COMMIT/FILE     relative links to blobs
 * .locks/models--ORG--NAME/ETAG.lock          held while a blob is fetched
 * </pre>
 */
public final class HubCache {
    private final Path root;

    public HubCache(Path root) {
        this.root = root;
    }

    public Path root() {
        return root;
    }

    Path snapshot(HubName name, String commit) {
        return folder(name).resolve("snapshots").resolve(commit);
    }

    Path blob(HubName name, String etag) {
        return folder(name).resolve("blobs").resolve(etag);
    }

    /**
     * The file in which a blob grows. Its name differs from huggingface_hub's, whose older versions append to their
     * file under a kind of lock that Java does not have.
     */
    Path incomplete(HubName name, String etag) {
        return folder(name).resolve("blobs").resolve(etag + ".dualform.incomplete");
    }

    Path lock(HubName name, String etag) {
        return root.resolve(".locks").resolve(name.cacheFolder()).resolve(etag + ".lock");
    }

    /** What the cache holds of a revision, at the commit that the revision last stood for. */
    public Optional<Repository> cached(HubName name) throws IOException {
        Path ref = folder(name).resolve("refs").resolve(name.revision());
        String commit;
        if (name.isCommit()) commit = name.revision();
        else if (Files.isRegularFile(ref))
            commit = Files.readString(ref, StandardCharsets.UTF_8).strip();
        else return Optional.empty();
        Path snapshot = snapshot(name, commit);
        if (commit.isEmpty() || !Files.isDirectory(snapshot)) return Optional.empty();
        try (Stream<Path> all = Files.walk(snapshot)) {
            List<String> files = all.filter(Files::isRegularFile)
                    .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
            return Optional.of(new Repository(name, commit, files, true));
        } catch (UncheckedIOException e) {
            throw e.getCause(); // a folder of the snapshot cannot be read
        }
    }

    /** Remembers the commit that a revision stands for. */
    public void remember(HubName name, String commit) throws IOException {
        if (name.isCommit()) return;
        Path ref = folder(name).resolve("refs").resolve(name.revision());
        if (Files.isRegularFile(ref) && Files.readString(ref).equals(commit)) return;
        Files.createDirectories(ref.getParent());
        Path next = ref.resolveSibling(ref.getFileName() + "." + UUID.randomUUID() + ".tmp");
        Files.writeString(next, commit);
        Files.move(next, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes a blob appear as a file of the snapshot. */
    public void link(HubName name, String commit, RemoteFile file) throws IOException {
        Path pointer = snapshot(name, commit).resolve(file.path());
        Path parent = Objects.requireNonNull(pointer.getParent());
        Files.createDirectories(parent);
        Path blob = blob(name, file.etag());
        link(pointer, parent.relativize(blob), blob);
    }

    /**
     * Makes a symbolic link, or a copy where the file system has no links. A dangling link of that name is replaced.
     */
    public static void link(Path link, Path target, Path file) throws IOException {
        if (Files.isSymbolicLink(link) && !Files.exists(link)) Files.deleteIfExists(link);
        try {
            Files.createSymbolicLink(link, target);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster. Its blob is the same, because a blob's name is its hash.
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(file, link, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path folder(HubName name) {
        return root.resolve(name.cacheFolder());
    }
}
