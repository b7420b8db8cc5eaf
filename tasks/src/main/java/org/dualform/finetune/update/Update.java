package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * How fine-tuning changed one parameter, in the form that its kind of change allows. Forms of one parameter can be added
 * up in any order of forms: {@code (Factored + Factored) + Dense} and so on.
 *
 * <p>A linear layer trained by gradient descent changes by a sum of outer products, one a token (paper section 3, identity
 * 1; Aizerman et al. 1964): {@link Factored}. An embedding changes in the rows it looked up: {@link Rows}. A bias or a
 * norm's weight is a vector: {@link Vector}. All else is {@link Dense}.
 *
 * <p>Legend: T tokens, I width of a projection's input, O width of its output. Weights are (O, I): {@code y = W x + b}.
 */
public sealed interface Update permits Factored, Rows, Vector, Dense {
    /** Shape of the parameter that changes. */
    Shape shape();

    /** Size of this form in memory and in a file, in bytes. */
    long bytes();

    /**
     * Adds the change to {@code sum} in place.
     *
     * @param sum an array of {@link #shape()}, of the change's own data type
     */
    void addTo(NDArray sum);

    /** Refuses a sum of another shape, which broadcasting might else accept. */
    default void requireShape(NDArray sum) {
        if (!sum.getShape().equals(shape())) {
            throw new IllegalArgumentException(
                    "an update of shape " + shape() + " cannot be added to " + sum.getShape());
        }
    }

    /** Bytes of an array's elements. */
    static long bytes(NDArray array) {
        return array.getShape().size() * array.getDataType().getNumOfBytes();
    }
}
