package org.dualform.model.family.file;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.function.BiFunction;

/** Gives a family its tensors by their Hugging Face names: a checkpoint, or a maker of new tensors. */
public interface TensorSource {
    /** The tensor called {@code name}, which must have this shape. */
    NDArray take(String name, Shape shape);

    /** Whether a tensor of this name is stored. Always false where tensors are made on demand. */
    boolean stores(String name);

    /** A source of new tensors. {@code make} is called once for every name that the family needs, with its shape. */
    static TensorSource making(BiFunction<String, Shape, NDArray> make) {
        return new TensorSource() {
            @Override
            public NDArray take(String name, Shape shape) {
                return make.apply(name, shape);
            }

            @Override
            public boolean stores(String name) {
                return false;
            }
        };
    }
}
