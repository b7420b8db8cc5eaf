package org.dualform.model.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;

/** Writes named arrays as a safetensors file; whole or not at all. */
public final class SafetensorsWriter {
    private static final int CHUNK = 1 << 20;

    private SafetensorsWriter() {}

    /** Writes every array in its own type (FLOAT32, FLOAT64 or INT64), in the map's order. */
    public static void write(Path file, Map<String, NDArray> tensors) {
        write(file, tensors, false);
    }

    /** As {@link #write(Path, Map)}, with the floats rounded to 16 bits. */
    public static void writeHalf(Path file, Map<String, NDArray> tensors) {
        write(file, tensors, true);
    }

    private static void write(Path file, Map<String, NDArray> tensors, boolean half) {
        Path parent = file.toAbsolutePath().getParent();
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            if (parent != null) Files.createDirectories(parent);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), CHUNK)) {
                out.write(header(tensors, half));
                for (NDArray array : tensors.values()) writeData(out, array, stored(array, half));
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PermanentException("The file " + file + " cannot be written: " + e, e);
        } finally {
            part.toFile().delete();
        }
    }

    private static StoredType stored(NDArray array, boolean half) {
        DataType type = array.getDataType();
        if (type == DataType.INT64) return StoredType.I64;
        if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
            throw new IllegalArgumentException("arrays of " + type + " are not written");
        }
        return half ? StoredType.F16 : type == DataType.FLOAT64 ? StoredType.F64 : StoredType.F32;
    }

    private static byte[] header(Map<String, NDArray> tensors, boolean half) {
        ObjectNode root = Json.mapper().createObjectNode();
        root.putObject("__metadata__").put("format", "pt");
        long at = 0;
        for (Map.Entry<String, NDArray> entry : tensors.entrySet()) {
            StoredType type = stored(entry.getValue(), half);
            ObjectNode node = root.putObject(entry.getKey());
            node.put("dtype", type.name());
            ArrayNode shape = node.putArray("shape");
            for (long dimension : entry.getValue().getShape().getShape()) shape.add(dimension);
            long end = at + entry.getValue().size() * type.bytes();
            node.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] json = Json.write(root).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8); // data begin on a multiple of 8
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return ByteBuffer.allocate(8 + padded.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded.length)
                .put(padded)
                .array();
    }

    private static void writeData(OutputStream out, NDArray array, StoredType type) throws IOException {
        try (NDArray flat = array.flatten()) {
            for (long from = 0; from < flat.size(); from += CHUNK) {
                try (NDArray part = flat.get("{}:{}", from, Math.min(flat.size(), from + CHUNK))) {
                    out.write(bytes(part, type));
                }
            }
        }
    }

    private static byte[] bytes(NDArray part, StoredType type) {
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.toIntExact(part.size() * type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case I64 -> buffer.asLongBuffer().put(part.toLongArray());
            case F64 -> buffer.asDoubleBuffer().put(part.toDoubleArray());
            case F32 -> buffer.asFloatBuffer().put(part.toFloatArray());
            default -> {
                for (Number n : part.toArray()) buffer.putShort(Widen.toHalf(n.floatValue()));
            }
        }
        return buffer.array();
    }
}
