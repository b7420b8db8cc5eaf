package org.dualform.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.finetune.KeyValueUpdate.Change;
import org.dualform.finetune.KeyValueUpdate.Layer;
import org.jspecify.annotations.Nullable;

/**
 * The total change of the key and value projections while training: the model's weights plus this are the weights of the
 * next step. Kept apart from the weights, so that small steps are not lost in the rounding of large weights, and so that a
 * copy of it gives the same weights to the last bit.
 */
final class RunningChange implements AutoCloseable {
    /** Change of one projection: weight (O, I), bias (O) or null. */
    private record Sum(NDArray weight, @Nullable NDArray bias) {}

    private record LayerSums(Sum key, Sum value) {
        Sum of(Projection projection) {
            return projection == Projection.KEY ? key : value;
        }
    }

    private static final NDIndex ALL = new NDIndex("...");
    private static final NDIndex FIRST_ROW = new NDIndex("0");

    private final NDManager manager;
    private final List<LayerSums> layers = new ArrayList<>();

    RunningChange(NDManager parent, ProjectionShape shape, DataType type) {
        manager = parent.newSubManager();
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(new LayerSums(zeros(shape, type), zeros(shape, type)));
        }
    }

    private Sum zeros(ProjectionShape shape, DataType type) {
        return new Sum(
                manager.zeros(new Shape(shape.out(), shape.in()), type),
                shape.bias() ? manager.zeros(new Shape(shape.out()), type) : null);
    }

    NDArray weight(int layer, Projection projection) {
        return sum(layer, projection).weight();
    }

    @Nullable NDArray bias(int layer, Projection projection) {
        return sum(layer, projection).bias();
    }

    /** Adds the changes of one training step. */
    void add(List<Layer> step) {
        for (int layer = 0; layer < layers.size(); layer++) {
            for (Projection projection : Projection.values()) {
                Sum sum = sum(layer, projection);
                step.get(layer).of(projection).addTo(sum.weight(), sum.bias());
            }
        }
    }

    /** Sets the total to the sum of {@code segments}. */
    void restart(List<List<Layer>> segments) {
        sums().forEach(sum -> {
            sum.weight().set(ALL, 0);
            if (sum.bias() != null) {
                sum.bias().set(ALL, 0);
            }
        });
        segments.forEach(this::add);
    }

    /** A copy of the total, as dense changes that belong to {@code owner}. */
    List<Layer> copy(NDManager owner) {
        return layers.stream()
                .map(sums -> new Layer(copy(owner, sums.key()), copy(owner, sums.value())))
                .toList();
    }

    /** Whether every number is finite. */
    boolean isFinite() {
        try (NDManager scope = manager.newSubManager()) {
            return sums().allMatch(sum -> {
                NDArray magnitudes = sum.weight().abs();
                magnitudes.attach(scope);
                return Double.isFinite(
                        magnitudes.sum().toType(DataType.FLOAT64, false).getDouble());
            });
        }
    }

    private Stream<Sum> sums() {
        return layers.stream().flatMap(layer -> Stream.of(layer.key(), layer.value()));
    }

    @Override
    public void close() {
        manager.close();
    }

    private Sum sum(int layer, Projection projection) {
        return layers.get(layer).of(projection);
    }

    private static Change copy(NDManager owner, Sum sum) {
        NDArray weight = sum.weight().duplicate();
        weight.attach(owner);
        if (sum.bias() == null) {
            return new Change(new Dense(weight), null);
        }
        NDArray bias = owner.create(new Shape(1, sum.bias().size()), sum.bias().getDataType()); // (1, O)
        bias.set(FIRST_ROW, sum.bias());
        return new Change(new Dense(weight), new Vector(bias));
    }
}
