package org.dualform.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;

/**
 * Writes a safetensors file of single-precision tensors whose sizes are known before their numbers are: the header first,
 * then numbers at their places as they come. Nothing is kept in memory.
 */
public final class RecordWriter implements Closeable {
    private final Path file;
    private final FileChannel channel;
    private final Map<String, Long> begins = new HashMap<>();
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    private RecordWriter(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Begins a file; all numbers are zero until they are written.
     *
     * @param metadata of the whole file
     * @param shapes tensors by name, in the file's order
     */
    public static RecordWriter create(Path file, Map<String, String> metadata, Map<String, long[]> shapes) {
        try {
            RecordWriter writer = new RecordWriter(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE));
            try {
                writer.begin(metadata, shapes);
                return writer;
            } catch (IOException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private void begin(Map<String, String> metadata, Map<String, long[]> shapes) throws IOException {
        ObjectNode root = Json.mapper().createObjectNode();
        ObjectNode about = root.putObject(RecordReader.METADATA);
        // In the names' order: equal records have equal bytes, whatever order the map was made in.
        new TreeMap<>(metadata).forEach(about::put);
        long at = 0;
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            ObjectNode node = root.putObject(tensor.getKey()).put("dtype", "F32");
            ArrayNode shape = node.putArray("shape");
            Arrays.stream(tensor.getValue()).forEach(shape::add);
            long end = at + Float.BYTES * Arrays.stream(tensor.getValue()).reduce(1, (a, b) -> a * b);
            node.putArray("data_offsets").add(at).add(end);
            begins.put(tensor.getKey(), at);
            at = end;
        }
        byte[] json = Json.write(root).getBytes(StandardCharsets.UTF_8);
        byte[] header = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(header, json.length, header.length, (byte) ' ');
        long data = (long) Long.BYTES + header.length;
        begins.replaceAll((name, begin) -> begin + data);
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
        writeAll(start.putLong(header.length).put(header).flip(), 0);
        if (at > 0) writeAll(ByteBuffer.allocate(1), data + at - 1); // its whole length from the beginning
    }

    /**
     * Writes numbers at their place.
     *
     * @param index of the first number in the tensor
     */
    public void write(String tensor, long index, float[] values) {
        Long begin = begins.get(tensor);
        if (begin == null) throw new IllegalArgumentException("the file " + file + " has no tensor " + tensor);
        if (buffer.capacity() < values.length * Float.BYTES) {
            buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
        buffer.clear();
        buffer.asFloatBuffer().put(values);
        buffer.limit(values.length * Float.BYTES);
        try {
            writeAll(buffer, begin + index * Float.BYTES);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private void writeAll(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) at += channel.write(bytes, at);
    }

    private static PermanentException unwritable(Path file, IOException e) {
        return new PermanentException("The records " + file + " cannot be written: " + e + ".", e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }
}
