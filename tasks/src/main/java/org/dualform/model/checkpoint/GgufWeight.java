package org.dualform.model.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.OptionalLong;
import org.dualform.contract.PermanentException;
import org.dualform.gguf.GgufTensor;
import org.dualform.gguf.GgufType;
import org.dualform.model.gguf.LaidOutTensor;
import org.dualform.model.gguf.Layout;

/**
 * A tensor of a GGUF file. It is widened once, when it is loaded, some rows at a time: beside the widened tensor, memory
 * holds at most {@link #CHUNK} numbers twice and their blocks.
 */
record GgufWeight(LaidOutTensor laidOut) implements StoredWeight {
    /** Numbers that are widened at a time, unless a single row has more. */
    private static final int CHUNK = 1 << 21;

    /** Takes numbers that were read: the index of the first, the numbers, and how many of them there are. */
    private interface Sink {
        boolean take(long from, float[] numbers, int n);
    }

    private GgufTensor tensor() {
        return laidOut.tensor();
    }

    @Override
    public Path file() {
        return tensor().file();
    }

    @Override
    public long[] dimensions() {
        return laidOut.dimensions();
    }

    @Override
    public long size() {
        return tensor().size();
    }

    @Override
    public long bytes() {
        return tensor().bytes();
    }

    @Override
    public String type() {
        return tensor().type().name();
    }

    @Override
    public boolean mapped() {
        return tensor().type() == GgufType.F32
                && laidOut.asStored()
                && tensor().begin() % Float.BYTES == 0
                && bytes() <= Integer.MAX_VALUE
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public NDArray load(NDManager manager, DataType type) {
        return mapped() && type == DataType.FLOAT32 ? map(manager) : widened(manager, type);
    }

    private NDArray map(NDManager manager) {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            MappedByteBuffer pages = channel.map(FileChannel.MapMode.READ_ONLY, tensor().begin(), bytes());
            return manager.create(pages.order(ByteOrder.nativeOrder()), new Shape(dimensions()), DataType.FLOAT32);
        } catch (IOException e) {
            throw unread(e);
        }
    }

    private NDArray widened(NDManager manager, DataType type) {
        NDArray flat = manager.zeros(new Shape(size()), type);
        eachChunk((from, numbers, n) -> {
            float[] part = n == numbers.length ? numbers : Arrays.copyOf(numbers, n);
            try (NDManager chunk = manager.newSubManager()) {
                NDArray read = chunk.create(part);
                NDArray wanted = type == DataType.FLOAT32 ? read : read.toType(type, false);
                // Not copyTo(slice): that gives the slice's array new memory and leaves this one as it was.
                flat.set(new NDIndex("{}:{}", from, from + n), wanted);
            }
            return true;
        });
        long[] shape = dimensions();
        NDArray shaped = laidOut.layout() == Layout.TRANSPOSED
                ? transposed(flat, shape) // (in, out)
                : flat.reshape(new Shape(shape));
        flat.close();
        return shaped;
    }

    private static NDArray transposed(NDArray flat, long[] shape) {
        try (NDArray stored = flat.reshape(shape[1], shape[0])) { // (out, in)
            return stored.transpose(); // (in, out)
        }
    }

    @Override
    public OptionalLong firstNonFinite() {
        long[] found = {-1};
        eachChunk((from, numbers, n) -> {
            for (int i = 0; i < n; i++) {
                if (Float.isFinite(numbers[i])) continue;
                found[0] = from + i;
                return false;
            }
            return true;
        });
        return found[0] < 0 ? OptionalLong.empty() : OptionalLong.of(found[0]);
    }

    /** Reads all rows in order, some at a time, until the sink has enough. */
    private void eachChunk(Sink sink) {
        int length = Math.toIntExact(laidOut.rowLength());
        int rowsAtOnce = Math.max(1, CHUNK / length);
        long rows = laidOut.rows();
        float[] numbers = new float[(int) Math.min(rowsAtOnce, rows) * length];
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            for (long row = 0; row < rows; row += rowsAtOnce) {
                int count = (int) Math.min(rowsAtOnce, rows - row);
                laidOut.read(channel, row, count, numbers);
                if (!sink.take(row * length, numbers, count * length)) return;
            }
        } catch (IOException e) {
            throw unread(e);
        }
    }

    private PermanentException unread(IOException e) {
        return new PermanentException("The tensor " + tensor().name() + " cannot be read from " + file() + ": " + e, e);
    }
}
