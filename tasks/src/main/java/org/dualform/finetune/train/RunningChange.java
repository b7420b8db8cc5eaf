package org.dualform.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.finetune.update.Dense;
import org.dualform.finetune.update.KeyValueUpdate.Change;
import org.dualform.finetune.update.KeyValueUpdate.Layer;
import org.dualform.finetune.update.Projection;
import org.dualform.finetune.update.Vector;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Weights;
import org.jspecify.annotations.Nullable;

/**
 * The total change of the key and value projections during training, and the weights that it gives. The change is
 * summed apart from the weights, so that small steps are not lost when large weights are rounded, and so that a copy of
 * the change gives the same weights to the last bit.
 *
 * <p>Legend: I width of a projection's input, O width of its output.
 */
final class RunningChange implements AutoCloseable {
    private static final NDIndex ALL = new NDIndex("...");
    private static final NDIndex FIRST_ROW = new NDIndex("0");

    /** One weight (O, I) or bias (O): as the model has it, its change, and their sum. */
    private record Parameter(NDArray base, NDArray change, NDArray tuned) {
        /** Copies the base: a view of a transposed matrix takes four times as long to add, in every step. */
        static Parameter of(NDManager manager, NDArray base) {
            var parameter = new Parameter(like(manager, base), like(manager, base), like(manager, base));
            parameter.base.set(ALL, base);
            parameter.refresh();
            return parameter;
        }

        private static NDArray like(NDManager manager, NDArray array) {
            return manager.zeros(array.getShape(), array.getDataType());
        }

        /** Adds in place, because allocating memory for every step's weights would cost more than the addition. */
        void refresh() {
            tuned.set(ALL, change);
            tuned.addi(base);
        }
    }

    private record ProjectionParameters(
            Parameter weight, @Nullable Parameter bias) {
        static ProjectionParameters of(NDManager manager, Linear linear) {
            return new ProjectionParameters(
                    Parameter.of(manager, linear.weight()),
                    linear.bias() == null ? null : Parameter.of(manager, linear.bias()));
        }

        Linear tuned() {
            return new Linear(weight.tuned, bias == null ? null : bias.tuned);
        }

        Stream<Parameter> all() {
            return bias == null ? Stream.of(weight) : Stream.of(weight, bias);
        }
    }

    private record LayerParameters(ProjectionParameters key, ProjectionParameters value) {
        ProjectionParameters of(Projection projection) {
            return projection == Projection.KEY ? key : value;
        }
    }

    private final NDManager manager;
    private final List<LayerParameters> layers = new ArrayList<>();
    private final Weights tuned;

    RunningChange(NDManager parent, Weights base) {
        manager = parent.newSubManager();
        var blocks = new ArrayList<LayerWeights>();
        for (LayerWeights block : base.layers()) {
            var layer = new LayerParameters(
                    ProjectionParameters.of(manager, block.key()), ProjectionParameters.of(manager, block.value()));
            layers.add(layer);
            blocks.add(block.withKeyValue(layer.key.tuned(), layer.value.tuned()));
        }
        tuned = base.withLayers(List.copyOf(blocks));
    }

    /** The weights with the change so far. They follow the change. */
    Weights tuned() {
        return tuned;
    }

    /** Adds the changes of one training step. */
    void add(List<Layer> step) {
        sum(step);
        parameters().forEach(Parameter::refresh);
    }

    /** Sets the total to the sum of {@code segments}. */
    void restart(List<List<Layer>> segments) {
        parameters().forEach(parameter -> parameter.change.set(ALL, 0));
        segments.forEach(this::sum);
        parameters().forEach(Parameter::refresh);
    }

    private void sum(List<Layer> step) {
        for (int layer = 0; layer < layers.size(); layer++) {
            for (Projection projection : Projection.values()) {
                ProjectionParameters sum = layers.get(layer).of(projection);
                step.get(layer).of(projection).addTo(sum.weight.change, sum.bias == null ? null : sum.bias.change);
            }
        }
    }

    /**
     * A copy of the total as dense changes.
     *
     * @param owner owns the copy
     */
    List<Layer> copy(NDManager owner) {
        return layers.stream()
                .map(layer -> new Layer(copy(owner, layer.key), copy(owner, layer.value)))
                .toList();
    }

    private static Change copy(NDManager owner, ProjectionParameters parameters) {
        NDArray weight = parameters.weight.change.duplicate();
        weight.attach(owner);
        if (parameters.bias == null) {
            return new Change(new Dense(weight), null);
        }
        NDArray change = parameters.bias.change;
        NDArray bias = owner.create(new Shape(1, change.size()), change.getDataType()); // (1, O)
        bias.set(FIRST_ROW, change);
        return new Change(new Dense(weight), new Vector(bias));
    }

    /** Whether all numbers are finite. */
    boolean isFinite() {
        try (NDManager scope = manager.newSubManager()) {
            return parameters().allMatch(parameter -> {
                NDArray magnitudes = parameter.change.abs();
                magnitudes.attach(scope);
                NDArray sum = magnitudes.sum();
                sum.attach(scope);
                return Double.isFinite(sum.toType(DataType.FLOAT64, false).getDouble());
            });
        }
    }

    private Stream<Parameter> parameters() {
        return layers.stream().flatMap(layer -> Stream.concat(layer.key.all(), layer.value.all()));
    }

    @Override
    public void close() {
        manager.close();
    }
}
