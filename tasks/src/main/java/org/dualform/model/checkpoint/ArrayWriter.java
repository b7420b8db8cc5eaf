package org.dualform.model.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.contract.PermanentException;
import org.dualform.safetensors.NewTensor;
import org.dualform.safetensors.SafetensorsWriter;
import org.dualform.safetensors.StoredType;
import org.dualform.safetensors.Widen;

/**
 * Writes arrays of the engine as a safetensors file. The file appears whole or not at all: it is written beside its place
 * and then renamed.
 */
public final class ArrayWriter {
    /** Elements that are copied out of the engine at a time. */
    private static final int CHUNK = 1 << 20;

    /** What Hugging Face's tools expect of a model's file. */
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private ArrayWriter() {}

    /** Writes every array in its own type (FLOAT32, FLOAT64 or INT64), in the map's order. */
    public static void write(Path file, Map<String, NDArray> tensors) {
        write(file, tensors, false);
    }

    /** As {@link #write(Path, Map)}, with floating-point numbers rounded to 16 bits. */
    public static void writeHalf(Path file, Map<String, NDArray> tensors) {
        write(file, tensors, true);
    }

    private static void write(Path file, Map<String, NDArray> tensors, boolean half) {
        Path parent = file.toAbsolutePath().getParent();
        Path part = file.resolveSibling(file.getFileName() + ".part");
        List<NewTensor> planned = new ArrayList<>();
        tensors.forEach((name, array) -> planned.add(
                NewTensor.of(name, stored(array, half), array.getShape().getShape())));
        try {
            if (parent != null) Files.createDirectories(parent);
            try (SafetensorsWriter writer = SafetensorsWriter.create(part, METADATA, planned)) {
                for (NewTensor tensor : planned) {
                    NDArray array = tensors.get(tensor.name());
                    if (array != null) write(writer, tensor, array);
                }
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

    private static void write(SafetensorsWriter writer, NewTensor tensor, NDArray array) {
        try (NDArray flat = array.flatten()) {
            for (long from = 0; from < flat.size(); from += CHUNK) {
                try (NDArray part = flat.get("{}:{}", from, Math.min(flat.size(), from + CHUNK))) {
                    writer.write(tensor.name(), from, tensor.type(), bytes(part, tensor.type()));
                }
            }
        }
    }

    private static ByteBuffer bytes(NDArray part, StoredType type) {
        int size = Math.toIntExact(part.size() * type.bytes());
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case I64 -> buffer.asLongBuffer().put(part.toLongArray());
            case F64 -> buffer.asDoubleBuffer().put(part.toDoubleArray());
            case F32 -> buffer.asFloatBuffer().put(part.toFloatArray());
            default -> {
                for (Number n : part.toArray()) buffer.putShort(Widen.toHalf(n.floatValue()));
            }
        }
        return buffer.clear();
    }
}
