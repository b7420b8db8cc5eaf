package org.dualform.model.checkpoint;

import java.util.Arrays;
import java.util.List;

/**
 * One tensor's entry in a safetensors header.
 *
 * @param begin first byte, from the start of the file
 * @param bytes how many
 */
public record StoredTensor(String name, StoredType type, List<Long> shape, long begin, long bytes) {
    /** The shape as an array. */
    public long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** As {@code [32, 96]}. */
    public String shapeText() {
        return Arrays.toString(dimensions());
    }

    /** Number of elements. */
    public long size() {
        return bytes / type.bytes();
    }
}
