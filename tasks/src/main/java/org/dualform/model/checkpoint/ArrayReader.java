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
import java.nio.file.StandardOpenOption;
import org.dualform.contract.PermanentException;
import org.dualform.contract.UserException;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;
import org.dualform.safetensors.StoredType;
import org.dualform.safetensors.Widen;

/** Loads tensors of a safetensors file as arrays of the engine. */
public final class ArrayReader {
    /** Elements that are converted at a time, and mapped at a time. */
    private static final int CHUNK = 1 << 22;

    private ArrayReader() {}

    /**
     * Loads a tensor. Where the stored type is the wanted one and the byte order allows it, the array is the file's own
     * pages, mapped read-only: <b>never write into it</b>, since that ends the process; duplicate it first. Otherwise the
     * values are converted in Java, a chunk at a time.
     *
     * @param type FLOAT32 or FLOAT64; a tensor of type I64 comes as INT64 in any case
     * @throws UserException if the tensor's type is not F64, F32, F16, BF16 or I64
     */
    public static NDArray load(SafetensorsFile file, NDManager manager, StoredTensor tensor, DataType type) {
        if (!tensor.type().readable()) {
            throw UserException.data("In " + file.path() + " the tensor " + tensor.name() + " has the element type "
                    + tensor.type() + "; F64, F32, F16, BF16 and I64 can be loaded. Convert the checkpoint.");
        }
        DataType target = tensor.type() == StoredType.I64 ? DataType.INT64 : type;
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            return mappable(tensor, target)
                    ? map(manager, channel, tensor, target)
                    : convert(manager, channel, tensor, target);
        } catch (IOException e) {
            throw new PermanentException(
                    "The tensor " + tensor.name() + " cannot be read from " + file.path() + ": " + e, e);
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
                // Not copyTo(slice): that gives the slice's array new memory and leaves this one as it was.
                flat.set(new NDIndex("{}:{}", from, from + n), part);
            }
        }
        NDArray shaped = flat.reshape(new Shape(tensor.dimensions()));
        flat.close();
        return shaped;
    }
}
