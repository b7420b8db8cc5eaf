package org.dualform.safetensors;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor of a safetensors file: its entry in the header.
 *
 * @param shape the sizes of its dimensions; empty for a single number
 * @param begin the place of its first byte, from the start of the file
 * @param bytes the number of its bytes
 */
public record StoredTensor(String name, StoredType type, List<Long> shape, long begin, long bytes) {
    /** The shape as an array. */
    public long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** The shape as text, such as {@code [32, 96]}. */
    public String shapeText() {
        return Arrays.toString(dimensions());
    }

    /** Number of elements. */
    public long size() {
        return bytes / type.bytes();
    }
}
