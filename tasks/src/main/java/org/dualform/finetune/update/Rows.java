package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.HashSet;
import java.util.List;

/**
 * The change of an embedding, of which only the rows that were looked up change.
 *
 * @param ids the indices of the changed rows, each once
 * @param values their changes, (number of ids, width)
 * @param shape the shape of the embedding, (vocabulary, width)
 */
public record Rows(List<Long> ids, NDArray values, Shape shape) implements Update {
    public Rows {
        ids = List.copyOf(ids);
        if (new HashSet<>(ids).size() != ids.size()) {
            throw new IllegalArgumentException("a row is named twice in " + ids);
        }
        if (!values.getShape().equals(new Shape(ids.size(), shape.get(1)))) {
            throw new IllegalArgumentException(
                    ids.size() + " rows of " + shape + " need other values than " + values.getShape());
        }
    }

    @Override
    public long bytes() {
        return Update.bytes(values) + Long.BYTES * (long) ids.size();
    }

    @Override
    public void addTo(NDArray sum) {
        requireShape(sum);
        try (NDManager scope = sum.getManager().newSubManager()) {
            for (int i = 0; i < ids.size(); i++) {
                NDArray row = sum.get(scope, new NDIndex("{}", ids.get(i))); // (width), a view into the sum
                row.addi(values.get(scope, new NDIndex("{}", i)));
            }
        }
    }
}
