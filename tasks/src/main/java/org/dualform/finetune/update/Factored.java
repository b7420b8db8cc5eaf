package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The change of a linear layer's weight in its dual form, ΔW = Σ e_i ⊗ x_i over tokens i.
 *
 * <p>The outer products are added step by step, where the tokens of a step make one product, as training adds them. The
 * sum is therefore the same to the last bit however the steps are divided into updates.
 *
 * <p>Legend: T tokens, t tokens of one step, I width of the input, O width of the output.
 *
 * @param errors E (T, O): for each token the gradient of the loss at the layer's output, times minus the learning rate
 * @param inputs X (T, I): the layer's input; the key and the value projection often share one array
 * @param steps the number of tokens of each training step, in order; they add up to T
 */
public record Factored(NDArray errors, NDArray inputs, List<Integer> steps) implements Update {
    public Factored {
        steps = List.copyOf(steps);
        long tokens = steps.stream().mapToLong(Integer::longValue).sum();
        if (errors.getShape().get(0) != tokens || inputs.getShape().get(0) != tokens) {
            throw new IllegalArgumentException("steps of " + steps + " tokens do not cover E " + errors.getShape()
                    + " and X " + inputs.getShape());
        }
    }

    @Override
    public Shape shape() {
        return new Shape(errors.getShape().get(1), inputs.getShape().get(1));
    }

    /** The bytes of E and X. X counts in full even if another update shares it. */
    @Override
    public long bytes() {
        return Update.bytes(errors) + Update.bytes(inputs);
    }

    @Override
    public void addTo(NDArray sum) {
        requireShape(sum);
        long start = 0;
        for (int tokens : steps) {
            long end = start + tokens;
            try (NDManager step = sum.getManager().newSubManager()) {
                NDArray e = rows(step, errors, start, end); // (t, O)
                NDArray x = rows(step, inputs, start, end); // (t, I)
                addProduct(step, sum, e, x);
            }
            start = end;
        }
    }

    /** {@code sum += errorsᵀ · inputs}: the change that one training step makes, (O, t) × (t, I). */
    static void addProduct(NDManager step, NDArray sum, NDArray errors, NDArray inputs) {
        NDArray transposed = errors.transpose(); // (O, t)
        transposed.attach(step);
        NDArray product = transposed.matMul(inputs); // (O, I)
        product.attach(step);
        sum.addi(product);
    }

    private static NDArray rows(NDManager manager, NDArray array, long start, long end) {
        return array.get(manager, new NDIndex("{}:{}", start, end));
    }
}
