package org.dualform.safetensors;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.dualform.base.FileFailure;
import org.dualform.contract.UserException;

/**
 * The numbers of a safetensors file that holds tensors of type F32 alone. The file is mapped, so that its size does not
 * bear on the heap. Safe for use by several threads.
 */
public final class MappedFloats {
    /** Bytes of one mapping; a buffer holds 2 GiB at most. */
    private static final long WINDOW = 1L << 30;

    private final long begin;
    private final FloatBuffer[] windows;

    private MappedFloats(long begin, FloatBuffer[] windows) {
        this.begin = begin;
        this.windows = windows;
    }

    /** Maps the data of a file whose tensors all have the type F32. */
    public static MappedFloats map(SafetensorsFile file) {
        long begin = Long.MAX_VALUE;
        long end = 0;
        for (StoredTensor tensor : file.tensors().values()) {
            if (tensor.type() != StoredType.F32) throw new IllegalArgumentException(tensor + " is not of type F32");
            begin = Math.min(begin, tensor.begin());
            end = Math.max(end, tensor.begin() + tensor.bytes());
        }
        FloatBuffer[] windows = new FloatBuffer[(int) ((Math.max(0, end - begin) + WINDOW - 1) / WINDOW)];
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            for (int i = 0; i < windows.length; i++) {
                long from = begin + i * WINDOW;
                windows[i] = channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(WINDOW, end - from))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer();
            }
        } catch (IOException e) {
            throw UserException.data("The file " + file.path() + " cannot be read: " + FileFailure.reason(e) + ".", e);
        }
        return new MappedFloats(begin, windows);
    }

    /**
     * Reads {@code count} numbers of a tensor into the beginning of {@code into}.
     *
     * @param index the place of the first number among the tensor's elements
     */
    public void read(StoredTensor tensor, long index, float[] into, int count) {
        if (index < 0 || index + count > tensor.size()) {
            throw new IndexOutOfBoundsException(count + " numbers from " + index + " on of " + tensor);
        }
        long at = (tensor.begin() - begin) / Float.BYTES + index;
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
}
