package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Weights;

/**
 * A model's weights with changed key and value projections: the change plus the base, in this order, as in training.
 *
 * <p>Legend: I width of the projections' input, O width of their output.
 */
final class TunedLayers {
    private TunedLayers() {}

    /**
     * The weights after {@code shots} demonstrations, made one layer at a time.
     *
     * @param owner owns what differs from the base
     */
    static Weights at(NDManager owner, Weights base, KeyValueUpdate update, int shots) {
        var layers = new ArrayList<LayerWeights>();
        try (NoGrad off = new NoGrad()) {
            for (int layer = 0; layer < base.layers().size(); layer++) {
                LayerWeights weights = base.layers().get(layer);
                layers.add(weights.withKeyValue(
                        sum(owner, weights.key(), update, shots, layer, Projection.KEY),
                        sum(owner, weights.value(), update, shots, layer, Projection.VALUE)));
            }
        }
        return base.withLayers(List.copyOf(layers));
    }

    private static Linear sum(
            NDManager owner, Linear linear, KeyValueUpdate update, int shots, int layer, Projection projection) {
        try (NDManager scratch = owner.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Shape shape = linear.weight().getShape();
            DataType type = linear.weight().getDataType();
            NDArray weight = scratch.zeros(shape, type); // (O, I)
            NDArray bias = linear.bias() == null ? null : scratch.zeros(new Shape(shape.get(0)), type); // (O)
            update.addTo(shots, layer, projection, weight, bias);
            Linear sum = new Linear(weight.add(linear.weight()), bias == null ? null : bias.add(linear.bias()));
            Probe.keep(owner, sum.weight());
            if (sum.bias() != null) {
                Probe.keep(owner, sum.bias());
            }
            return sum;
        }
    }
}
