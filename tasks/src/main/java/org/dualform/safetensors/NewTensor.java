package org.dualform.safetensors;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor that is to be written.
 *
 * @param shape the sizes of its dimensions; empty for a single number
 */
public record NewTensor(String name, StoredType type, List<Long> shape) {
    public NewTensor {
        shape = List.copyOf(shape);
    }

    public static NewTensor of(String name, StoredType type, long... shape) {
        return new NewTensor(name, type, Arrays.stream(shape).boxed().toList());
    }

    /** Number of elements. */
    public long size() {
        long size = 1;
        for (long dimension : shape) size = Math.multiplyExact(size, dimension);
        return size;
    }

    /** Number of bytes of all elements. */
    public long bytes() {
        return Math.multiplyExact(size(), type.bytes());
    }
}
