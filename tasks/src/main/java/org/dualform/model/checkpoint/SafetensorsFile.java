package org.dualform.model.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.OptionalLong;
import org.dualform.contract.PermanentException;
import org.dualform.contract.UserException;

/**
 * A safetensors file whose header was read and checked; data are mapped tensor by tensor when asked for.
 *
 * @param tensors by name, in the header's order
 */
public record SafetensorsFile(Path path, Map<String, StoredTensor> tensors) {
    /** Elements widened at a time, and mapped at a time. */
    private static final int CHUNK = 1 << 22;

    /** Reads the header. Throws a {@link UserException} that names everything wrong with it. */
    public static SafetensorsFile open(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new SafetensorsFile(path, SafetensorsHeader.read(path, channel));
        } catch (IOException e) {
            throw UserException.data("The file " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Loads a tensor of numbers as {@code type}. Where the file's type and byte order allow, the array is the file's own
     * pages, mapped read-only: <b>never write into it</b>, the JVM would die; duplicate it first. Otherwise values are
     * converted in Java, a chunk at a time.
     *
     * @param type FLOAT32 or FLOAT64; I64 tensors come as INT64 whatever it says
     */
    public NDArray load(NDManager manager, StoredTensor tensor, DataType type) {
        if (!tensor.type().readable()) {
            throw UserException.data("In " + path + " the tensor " + tensor.name() + " has the element type "
                    + tensor.type() + "; F64, F32, F16, BF16 and I64 can be loaded. Convert the checkpoint.");
        }
        DataType target = tensor.type() == StoredType.I64 ? DataType.INT64 : type;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return mappable(tensor, target)
                    ? map(manager, channel, tensor, target)
                    : convert(manager, channel, tensor, target);
        } catch (IOException e) {
            throw new PermanentException("The tensor " + tensor.name() + " cannot be read from " + path + ": " + e, e);
        }
    }

    /** Index of the first element of {@code tensor} that is NaN or infinite; one pass over its bytes. */
    public OptionalLong firstNonFinite(StoredTensor tensor) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return NonFinite.first(channel, tensor);
        } catch (IOException e) {
            throw new PermanentException("The tensor " + tensor.name() + " cannot be read from " + path + ": " + e, e);
        }
    }

    private static boolean mappable(StoredTensor tensor, DataType target) {
        DataType stored = switch (tensor.type()) {
            case F32 -> DataType.FLOAT32;
            case F64 -> DataType.FLOAT64;
            case I64 -> DataType.INT64;
            default -> DataType.UNKNOWN;
        };
        return stored == target
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && tensor.begin() % tensor.type().bytes() == 0
                && tensor.bytes() > 0
                && tensor.bytes() <= Integer.MAX_VALUE;
    }

    private static NDArray map(NDManager manager, FileChannel channel, StoredTensor tensor, DataType type)
            throws IOException {
        MappedByteBuffer pages = channel.map(FileChannel.MapMode.READ_ONLY, tensor.begin(), tensor.bytes());
        return manager.create(pages.order(ByteOrder.nativeOrder()), new Shape(tensor.dimensions()), type);
    }

    private static NDArray convert(NDManager manager, FileChannel channel, StoredTensor tensor, DataType type)
            throws IOException {
        long size = tensor.size();
        NDArray flat = manager.zeros(new Shape(size), type);
        for (long from = 0; from < size; from += CHUNK) {
            int n = (int) Math.min(CHUNK, size - from);
            int width = tensor.type().bytes();
            ByteBuffer pages = channel.map(
                            FileChannel.MapMode.READ_ONLY, tensor.begin() + from * width, (long) n * width)
                    .order(ByteOrder.LITTLE_ENDIAN);
            try (NDManager chunk = manager.newSubManager()) {
                NDArray part = type == DataType.FLOAT64
                        ? chunk.create(Widen.toDoubles(pages, tensor.type(), n))
                        : type == DataType.INT64
                                ? chunk.create(Widen.toLongs(pages, n))
                                : chunk.create(Widen.toFloats(pages, tensor.type(), n));
                // Not copyTo a slice: that gives the slice's array new memory and leaves this one as it was.
                flat.set(new NDIndex("{}:{}", from, from + n), part);
            }
        }
        NDArray shaped = flat.reshape(new Shape(tensor.dimensions()));
        flat.close();
        return shaped;
    }
}
