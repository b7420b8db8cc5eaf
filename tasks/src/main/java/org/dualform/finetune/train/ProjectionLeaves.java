package org.dualform.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import org.dualform.finetune.update.Factored;
import org.dualform.finetune.update.KeyValueUpdate.Change;
import org.dualform.finetune.update.KeyValueUpdate.Layer;
import org.dualform.finetune.update.Vector;
import org.dualform.model.ForwardingProbe;
import org.dualform.model.Probe;
import org.dualform.model.part.function.Scaled;

/**
 * Adds a zero array to the outputs of the key and value projections, whose gradient is the projections' error signal,
 * and keeps the projections' common input. No gradient of a weight matrix is therefore ever formed.
 *
 * <p>Legend: T tokens, I width of the input, O width of the output.
 */
final class ProjectionLeaves extends ForwardingProbe {
    private final NDManager step;
    private final boolean bias;
    private final List<NDArray> inputs = new ArrayList<>();
    private final List<NDArray> keys = new ArrayList<>();
    private final List<NDArray> values = new ArrayList<>();

    /**
     * @param step owns the arrays that are kept
     * @param bias whether the projections have biases, whose changes are wanted too
     * @param next another probe that sees the pass
     */
    ProjectionLeaves(NDManager step, boolean bias, Probe next) {
        super(next);
        this.step = step;
        this.bias = bias;
    }

    @Override
    public NDArray keys(int layer, NDArray input, NDArray output) {
        inputs.add(Probe.keep(step, input));
        return output.add(leaf(keys, output));
    }

    @Override
    public NDArray values(int layer, NDArray input, NDArray output) {
        return output.add(leaf(values, output));
    }

    private NDArray leaf(List<NDArray> leaves, NDArray output) {
        NDArray leaf = Probe.keep(step, output.zerosLike()); // (1, T, O)
        leaf.setRequiresGradient(true);
        leaves.add(leaf);
        return leaf;
    }

    /**
     * The changes of the step. Call this after the backward pass, with gradients switched off. The last token is left
     * out: it predicts nothing and no other token attends to it, so its errors are zero.
     *
     * @param owner owns the changes
     */
    List<Layer> changes(NDManager owner, double learningRate) {
        var layers = new ArrayList<Layer>();
        for (int layer = 0; layer < inputs.size(); layer++) {
            NDArray x = rows(owner, inputs.get(layer)).duplicate(); // (T - 1, I)
            layers.add(new Layer(
                    change(owner, keys.get(layer), x, learningRate),
                    change(owner, values.get(layer), x, learningRate)));
        }
        return layers;
    }

    private Change change(NDManager owner, NDArray leaf, NDArray x, double learningRate) {
        NDArray gradient = leaf.getGradient();
        gradient.attach(step);
        NDArray errors = Scaled.times(rows(owner, gradient), -learningRate); // (T - 1, O)
        var weight = new Factored(errors, x, List.of((int) errors.getShape().get(0)));
        return new Change(weight, bias ? new Vector(errors.sum(new int[] {0}, true)) : null); // (1, O)
    }

    /** All rows but the last of the one sequence: (1, T, n) → (T − 1, n). */
    private static NDArray rows(NDManager owner, NDArray array) {
        return array.get(owner, new NDIndex("0, :{}", array.getShape().get(1) - 1));
    }
}
