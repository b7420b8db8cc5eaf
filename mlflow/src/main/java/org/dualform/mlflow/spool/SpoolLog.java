package org.dualform.mlflow.spool;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.mlflow.live.Operation;
import org.dualform.mlflow.value.RunSpec;

/**
 * The text of a session: {@code ops.jsonl}, whose first line is the {@link Header} and whose other lines are operations,
 * and {@code done}, which says how many lines have been delivered. Fields that this version does not know are ignored,
 * because another version may have written them.
 */
final class SpoolLog {
    private static final String OPERATIONS = "ops.jsonl";
    private static final String DONE = "done";

    /**
     * The first line: for which server, and for which run.
     *
     * @param opened when its writer opened the run, in milliseconds since 1970; 0 if an earlier version wrote it
     */
    record Header(int version, String server, RunSpec run, long opened) {}

    private final Path folder;

    SpoolLog(Path folder) {
        this.folder = folder;
    }

    void append(Header header) throws IOException {
        appendLine(Json.mapper().writeValueAsString(header));
    }

    void append(Operation operation) throws IOException {
        appendLine(line(operation));
    }

    static String line(Operation operation) throws IOException {
        return Json.mapper().writerFor(Operation.class).writeValueAsString(operation);
    }

    private void appendLine(String json) throws IOException {
        try (FileChannel file =
                FileChannel.open(folder.resolve(OPERATIONS), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            ByteBuffer line = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(true);
        }
    }

    /** The whole lines. A last line that was cut, because its writer was killed, is left out. */
    List<String> lines() throws IOException {
        Path file = folder.resolve(OPERATIONS);
        String text = Files.exists(file) ? Files.readString(file) : "";
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (!text.isEmpty() && !text.endsWith("\n")) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    static Header header(String line) throws IOException {
        return reader(Header.class).readValue(line);
    }

    /** Reads an operation; the path of its file becomes absolute. */
    Operation operation(String line) throws IOException {
        Operation operation = reader(Operation.class).readValue(line);
        if (operation instanceof Operation.PutFile put) {
            Path file = folder.resolve(put.file().getFileName().toString());
            return new Operation.PutFile(put.path(), file, put.table());
        }
        return operation;
    }

    private static ObjectReader reader(Class<?> type) {
        return Json.mapper().readerFor(type).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /** How many lines have been delivered or set aside, the first line included; 0 if the mark cannot be read. */
    int done() throws IOException {
        Path file = folder.resolve(DONE);
        try {
            return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
        } catch (NumberFormatException e) {
            return 0; // What was delivered before is delivered again, which changes nothing.
        }
    }

    void done(int lines) throws IOException {
        Path part = folder.resolve(DONE + ".part");
        Files.writeString(part, Integer.toString(lines));
        Files.move(part, folder.resolve(DONE), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
