package org.dualform.theory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.Projection;
import org.dualform.model.NoGrad;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Weights;

/**
 * Weights whose key and value projections are what fine-tuning changed, and nothing else. Keys and values of these are
 * the changes of keys and values, made without a difference of large numbers.
 *
 * <p>Legend: I width of the projections' input, O width of their output.
 */
final class ChangeAlone {
    private ChangeAlone() {}

    /** @param owner owns the projections */
    static Weights of(NDManager owner, Weights base, KeyValueUpdate update, int shots) {
        List<LayerWeights> layers = new ArrayList<>();
        try (NoGrad off = new NoGrad()) {
            for (int layer = 0; layer < base.layers().size(); layer++) {
                LayerWeights own = base.layers().get(layer);
                layers.add(own.withKeyValue(
                        change(owner, own.key(), update, shots, layer, Projection.KEY),
                        change(owner, own.value(), update, shots, layer, Projection.VALUE)));
            }
        }
        return base.withLayers(List.copyOf(layers));
    }

    private static Linear change(
            NDManager owner, Linear like, KeyValueUpdate update, int shots, int layer, Projection projection) {
        Shape shape = like.weight().getShape();
        DataType type = like.weight().getDataType();
        NDArray weight = owner.zeros(shape, type); // (O, I)
        NDArray bias = like.bias() == null ? null : owner.zeros(new Shape(shape.get(0)), type); // (O)
        update.addTo(shots, layer, projection, weight, bias);
        return new Linear(weight, bias);
    }
}
