package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * The change of a bias or of a norm's weight.
 *
 * <p>Legend: O length of the parameter.
 *
 * @param values (steps, O): one vector for each training step, added in order
 */
public record Vector(NDArray values) implements Update {
    @Override
    public Shape shape() {
        return new Shape(values.getShape().get(1));
    }

    @Override
    public long bytes() {
        return Update.bytes(values);
    }

    @Override
    public void addTo(NDArray sum) {
        requireShape(sum);
        try (NDManager scope = sum.getManager().newSubManager()) {
            for (long step = 0; step < values.getShape().get(0); step++) {
                sum.addi(values.get(scope, new NDIndex("{}", step))); // (O)
            }
        }
    }
}
