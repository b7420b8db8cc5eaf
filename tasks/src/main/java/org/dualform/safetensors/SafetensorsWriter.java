package org.dualform.safetensors;

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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a safetensors file. The names, types and shapes of all tensors are given first, and make the header; the numbers
 * are then written at their places, in any order and in pieces of any size. Nothing is kept in memory.
 *
 * <pre>{@code
 * List<NewTensor> tensors = List.of(NewTensor.of("scores", StoredType.F32, rows, layers));
 * try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), tensors)) {
 *     for (int row = 0; row < rows; row++) writer.write("scores", (long) row * layers, scoresOf(row));
 * }
 * }</pre>
 *
 * <p>Equal content gives equal bytes. Numbers that are never written are zero. Failures are thrown as
 * {@link PermanentException}; the file is then incomplete.
 */
public final class SafetensorsWriter implements Closeable {
    /** The data begin at a multiple of this, so that tensors can be mapped as arrays of any type. */
    private static final int ALIGNMENT = 8;

    private record Place(long begin, NewTensor tensor) {}

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Place> places = new HashMap<>();
    private ByteBuffer buffer = littleEndian(1 << 16);

    private SafetensorsWriter(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Makes the file, or replaces it, at its whole length.
     *
     * @param metadata texts about the whole file, by key
     * @param tensors in the file's order
     */
    public static SafetensorsWriter create(Path file, Map<String, String> metadata, List<NewTensor> tensors) {
        try {
            SafetensorsWriter writer = new SafetensorsWriter(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE));
            try {
                writer.begin(metadata, tensors);
                return writer;
            } catch (IOException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private void begin(Map<String, String> metadata, List<NewTensor> tensors) throws IOException {
        ObjectNode root = Json.mapper().createObjectNode();
        ObjectNode about = root.putObject(SafetensorsHeader.METADATA);
        // Ordered by key, so that equal metadata give equal bytes whatever order the map has.
        new TreeMap<>(metadata).forEach(about::put);
        long at = 0;
        for (NewTensor tensor : tensors) {
            ObjectNode node =
                    root.putObject(tensor.name()).put("dtype", tensor.type().name());
            ArrayNode shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            long end = at + tensor.bytes();
            node.putArray("data_offsets").add(at).add(end);
            if (places.put(tensor.name(), new Place(at, tensor)) != null) {
                throw new IllegalArgumentException("the tensor " + tensor.name() + " is given twice");
            }
            at = end;
        }
        byte[] json = Json.write(root).getBytes(StandardCharsets.UTF_8);
        byte[] header = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(header, json.length, header.length, (byte) ' ');
        writeAll(
                littleEndian(Long.BYTES + header.length)
                        .putLong(header.length)
                        .put(header)
                        .flip(),
                0);
        long data = (long) Long.BYTES + header.length;
        places.replaceAll((name, place) -> new Place(data + place.begin(), place.tensor()));
        if (at > 0) writeAll(ByteBuffer.allocate(1), data + at - 1); // the last byte, which gives the file its length
    }

    /**
     * Writes numbers of a tensor of type F32.
     *
     * @param index the place of the first number among the tensor's elements
     */
    public void write(String tensor, long index, float[] values) {
        if (buffer.capacity() < values.length * Float.BYTES) buffer = littleEndian(values.length * Float.BYTES);
        buffer.clear();
        buffer.asFloatBuffer().put(values);
        write(tensor, index, StoredType.F32, buffer.limit(values.length * Float.BYTES));
    }

    /**
     * Writes elements of a tensor.
     *
     * @param index the place of the first element
     * @param type the tensor's type
     * @param values the elements' bytes, little-endian
     */
    public void write(String tensor, long index, StoredType type, ByteBuffer values) {
        @Nullable Place place = places.get(tensor);
        if (place == null) throw new IllegalArgumentException("the file " + file + " has no tensor " + tensor);
        long count = values.remaining() / type.bytes();
        if (place.tensor().type() != type
                || index < 0
                || index + count > place.tensor().size()) {
            throw new IllegalArgumentException(count + " numbers of type " + type + " do not fit at " + index
                    + " into the tensor " + place.tensor());
        }
        try {
            writeAll(values, place.begin() + index * type.bytes());
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private void writeAll(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) at += channel.write(bytes, at);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static PermanentException unwritable(Path file, IOException e) {
        return new PermanentException("The file " + file + " cannot be written: " + e + ".", e);
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
