package org.dualform.model.family.file;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.function.BiFunction;

/** Where a family takes its tensors from, by Hugging Face name: a checkpoint, or whoever makes new ones. */
public interface TensorSource {
    /** The tensor {@code name}, which must have {@code shape}. */
    NDArray take(String name, Shape shape);

    /** Whether a tensor of that name is stored; always false where tensors are made on demand. */
    boolean stores(String name);

    /** New tensors: {@code make} is asked once for every name the family needs, with its shape. */
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
