package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * How fine-tuning changed one parameter, in the form that fits its kind of change. Changes of one parameter can be
 * added whatever their forms are.
 *
 * <p>A linear layer that is trained by gradient descent changes by a sum of outer products, one for each token
 * (Aizerman et al. 1964; Irie et al. 2022, arXiv:2202.05798): {@link Factored}. An embedding changes in the rows that
 * were looked up: {@link Rows}. A bias, or the weight of a norm, is a vector: {@link Vector}. Everything else is {@link
 * Dense}.
 *
 * <p>Legend: T tokens, I width of a layer's input, O width of its output. Weights are (O, I): {@code y = W x + b}.
 */
public sealed interface Update permits Factored, Rows, Vector, Dense {
    /** The shape of the parameter that changes. */
    Shape shape();

    /** The size of this form in memory and in a file, in bytes. */
    long bytes();

    /**
     * Adds the change to {@code sum} in place.
     *
     * @param sum an array of {@link #shape()} and of the change's own data type
     */
    void addTo(NDArray sum);

    /** Refuses a sum of another shape, which broadcasting might accept. */
    default void requireShape(NDArray sum) {
        if (!sum.getShape().equals(shape())) {
            throw new IllegalArgumentException(
                    "an update of shape " + shape() + " cannot be added to " + sum.getShape());
        }
    }

    /** The bytes of an array's elements. */
    static long bytes(NDArray array) {
        return array.getShape().size() * array.getDataType().getNumOfBytes();
    }
}
