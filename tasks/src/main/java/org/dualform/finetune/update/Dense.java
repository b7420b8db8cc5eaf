package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * A change without a structure that could save memory: as large as the parameter itself.
 *
 * @param values the change, in the parameter's shape
 */
public record Dense(NDArray values) implements Update {
    @Override
    public Shape shape() {
        return values.getShape();
    }

    @Override
    public long bytes() {
        return Update.bytes(values);
    }

    @Override
    public void addTo(NDArray sum) {
        requireShape(sum);
        sum.addi(values);
    }
}
