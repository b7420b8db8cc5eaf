package org.dualform.task.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of files, remembered by path, size and time of change, so that a 5 GB checkpoint is read once and not by every
 * task. A file that changed less than two seconds ago is not remembered: it might change again without its time changing.
 */
public final class FileHashes {
    /** The age in seconds from which a file's hash is remembered. */
    private static final long SETTLED_SECONDS = 2;

    private final @Nullable Path folder;

    public FileHashes(Path folder) {
        this.folder = folder;
    }

    private FileHashes() {
        this.folder = null;
    }

    /** Reads no file and gives each the empty hash, for checks in which a hash decides nothing. */
    public static FileHashes unread() {
        return new FileHashes();
    }

    /** The hash of a file, in hexadecimal digits. */
    public String of(Path file) throws IOException {
        Path real = file.toRealPath();
        if (folder == null) return "";
        long bytes = Files.size(real);
        FileTime changed = Files.getLastModifiedTime(real);
        Path memory = folder.resolve(
                Sha256.hex(real.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 32) + ".json");
        ObjectNode state = JsonNodeFactory.instance
                .objectNode()
                .put("path", real.toString())
                .put("bytes", bytes)
                .put("changed", changed.to(TimeUnit.NANOSECONDS));
        if (Files.exists(memory)) {
            String known = remembered(memory, state);
            if (!known.isEmpty()) return known;
        }
        String sha256 = Sha256.hex(real);
        if (changed.toInstant().isBefore(Instant.now().minusSeconds(SETTLED_SECONDS))) {
            ObjectNode entry = state.deepCopy().put("sha256", sha256);
            Durable.write(memory, Json.pretty(entry).getBytes(StandardCharsets.UTF_8));
        }
        return sha256;
    }

    /** One hash over the names and contents of several files in {@code root}, in the order given. */
    public String ofAll(Path root, List<Path> files) throws IOException {
        StringBuilder listing = new StringBuilder();
        for (Path file : files) {
            listing.append(root.relativize(file)).append('\0').append(of(file)).append('\n');
        }
        return Sha256.hex(listing.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String remembered(Path memory, ObjectNode state) throws IOException {
        try {
            JsonNode entry = Json.mapper().readTree(Files.readAllBytes(memory));
            for (String field : List.of("path", "bytes", "changed")) {
                if (!entry.path(field).asText().equals(state.path(field).asText())) return "";
            }
            return entry.path("sha256").asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}
