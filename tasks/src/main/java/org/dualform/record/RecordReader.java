package org.dualform.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;

/** Reads what {@link RecordWriter} wrote: checked when opened, then mapped, so that its size does not bear on memory. */
public final class RecordReader {
    static final String METADATA = "__metadata__";
    private static final int LONGEST_HEADER = 100_000_000;
    /** Bytes of a mapping; a buffer holds 2 GiB at most. */
    private static final long WINDOW = 1L << 30;

    private final Path file;
    private final Map<String, String> metadata = new HashMap<>();
    private final Map<String, Long> begins = new HashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private FloatBuffer[] windows = {};

    private RecordReader(Path file) {
        this.file = file;
    }

    /** @throws UserException if the file cannot be read, is cut short, or is none of records */
    public static RecordReader open(Path file) {
        RecordReader reader = new RecordReader(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            reader.read(channel);
            return reader;
        } catch (JsonProcessingException e) {
            throw reader.broken("have a header that is no JSON");
        } catch (IOException e) {
            throw UserException.data("The records " + file + " cannot be read: " + e + ".", e);
        }
    }

    private void read(FileChannel channel) throws IOException {
        if (channel.size() < Long.BYTES) throw cut(channel.size(), Long.BYTES);
        long length = bytes(channel, 0, Long.BYTES).getLong();
        if (length < 2 || length > LONGEST_HEADER) throw broken("have no header");
        if (channel.size() < Long.BYTES + length) throw cut(channel.size(), Long.BYTES + length);
        JsonNode header =
                Json.mapper().readTree(bytes(channel, Long.BYTES, (int) length).array());
        header.path(METADATA)
                .properties()
                .forEach(field -> metadata.put(field.getKey(), field.getValue().asText()));
        long data = Long.BYTES + length;
        long end = data;
        for (Map.Entry<String, JsonNode> tensor : header.properties()) {
            if (tensor.getKey().equals(METADATA)) continue;
            JsonNode offsets = tensor.getValue().path("data_offsets");
            begins.put(tensor.getKey(), offsets.path(0).asLong() / Float.BYTES);
            sizes.put(
                    tensor.getKey(), (offsets.path(1).asLong() - offsets.path(0).asLong()) / Float.BYTES);
            end = Math.max(end, data + offsets.path(1).asLong());
        }
        if (channel.size() != end) throw cut(channel.size(), end);
        windows = new FloatBuffer[(int) ((end - data + WINDOW - 1) / WINDOW)];
        for (int i = 0; i < windows.length; i++) {
            long from = data + i * WINDOW;
            windows[i] = channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(WINDOW, end - from))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
        return bytes.flip();
    }

    /** An entry of the file's description. */
    public String about(String key) {
        String value = metadata.get(key);
        if (value == null) throw broken("do not say their " + key);
        return value;
    }

    public boolean has(String tensor) {
        return begins.containsKey(tensor);
    }

    /** How many numbers a tensor has. */
    public long size(String tensor) {
        return sizes.getOrDefault(tensor, 0L);
    }

    /** Reads {@code count} numbers from {@code index} on into the beginning of {@code into}. */
    public void read(String tensor, long index, float[] into, int count) {
        Long begin = begins.get(tensor);
        if (begin == null || index < 0 || index + count > size(tensor)) {
            throw broken("have no numbers " + index + " to " + (index + count) + " of " + tensor);
        }
        long at = begin + index;
        int done = 0;
        while (done < count) {
            FloatBuffer window = windows[(int) (at * Float.BYTES / WINDOW)];
            int place = (int) (at % (WINDOW / Float.BYTES));
            int part = Math.min(count - done, window.limit() - place);
            window.get(place, into, done, part);
            done += part;
            at += part;
        }
    }

    private UserException cut(long bytes, long expected) {
        return UserException.data("The records " + file + " are cut short or damaged: they have " + bytes
                + " bytes instead of " + expected + ". Compute them again (clear the task, or fresh).");
    }

    private UserException broken(String what) {
        return UserException.data(
                "The records " + file + " " + what + ". Compute them again (clear the task, or fresh).");
    }
}
