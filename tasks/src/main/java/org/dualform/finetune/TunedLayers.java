package org.dualform.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Weights;
import org.jspecify.annotations.Nullable;

/** A model's weights with changed key and value projections. */
final class TunedLayers {
    private TunedLayers() {}

    /** Weights that follow {@code change}: each layer is added up when a forward asks for it, and freed after it. */
    static Weights following(Weights base, RunningChange change) {
        return base.withLayers(new AbstractList<>() {
            @Override
            public LayerWeights get(int layer) {
                LayerWeights weights = base.layers().get(layer);
                return weights.withKeyValue(
                        sum(weights.key(), layer, Projection.KEY), sum(weights.value(), layer, Projection.VALUE));
            }

            @Override
            public int size() {
                return base.layers().size();
            }

            private Linear sum(Linear linear, int layer, Projection projection) {
                return plus(linear, change.weight(layer, projection), change.bias(layer, projection));
            }
        });
    }

    /** Weights after {@code shots} demonstrations, made a layer at a time; {@code owner} owns what differs from the base. */
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
            Linear sum = plus(linear, weight, bias);
            Probe.keep(owner, sum.weight());
            if (sum.bias() != null) {
                Probe.keep(owner, sum.bias());
            }
            return sum;
        }
    }

    /** The change comes first: it is contiguous, so the sum is too, and belongs to the change's manager. */
    private static Linear plus(Linear linear, NDArray weight, @Nullable NDArray bias) {
        return new Linear(
                weight.add(linear.weight()),
                linear.bias() == null || bias == null ? linear.bias() : bias.add(linear.bias()));
    }
}
