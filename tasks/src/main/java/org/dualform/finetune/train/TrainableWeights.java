package org.dualform.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.finetune.update.Dense;
import org.dualform.finetune.update.Rows;
import org.dualform.finetune.update.Update;
import org.dualform.finetune.update.Vector;
import org.dualform.model.NoGrad;
import org.dualform.model.part.Role;
import org.dualform.model.part.WeightMapping;
import org.dualform.model.part.Weights;
import org.dualform.spec.arm.Tuning;

/**
 * The weights that the scope of a {@link Tuning} trains, as leaves of the engine's graph. Each is the model's own
 * weight plus a change that is summed apart, so that small steps are not lost when large weights are rounded.
 *
 * <p>Legend: V vocabulary, d width, n length of a vector.
 */
final class TrainableWeights implements AutoCloseable {
    private static final NDIndex ALL = new NDIndex("...");

    /**
     * One trained weight.
     *
     * @param rows whether its change is kept as the rows that changed
     * @param base the weight as the model has it
     * @param change the change so far
     * @param tuned the sum of base and change, which the decoder uses
     */
    record Parameter(boolean rows, NDArray base, NDArray change, NDArray tuned) {
        /** The gradient that the last backward pass left. The caller closes it. */
        NDArray gradient() {
            return tuned.getGradient();
        }

        private void refresh() {
            tuned.set(ALL, change);
            tuned.addi(base);
        }
    }

    private final NDManager manager;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Weights tuned;

    TrainableWeights(NDManager parent, Weights base, Tuning tuning) {
        manager = parent.newSubManager();
        int layers = base.layers().size();
        WeightMapping leaves =
                (name, role, weight) -> trains(tuning, layers, name) ? leaf(name, role, weight, base.tied()) : weight;
        tuned = base.map(leaves);
    }

    private static boolean trains(Tuning tuning, int layers, String name) {
        return switch (tuning.scope()) {
            case ALL -> true;
            case KEY_VALUE -> name.matches("layers\\.\\d+\\.(key|value)\\..*");
            case FEED_FORWARD -> name.matches("layers\\.\\d+\\.feed_forward\\..*");
            case VALUE_LAYER -> name.startsWith("layers." + tuning.layer(layers).orElseThrow() + ".value.");
        };
    }

    private NDArray leaf(String name, Role role, NDArray weight, boolean tied) {
        boolean everyRow = tied && name.equals("tokens"); // the head's softmax gives each row a gradient
        var parameter = new Parameter(
                role == Role.EMBEDDING && !everyRow,
                weight,
                manager.zeros(weight.getShape(), weight.getDataType()),
                manager.zeros(weight.getShape(), weight.getDataType()));
        try (NoGrad off = new NoGrad()) {
            parameter.refresh();
        }
        parameter.tuned.setRequiresGradient(true);
        parameters.put(name, parameter);
        return parameter.tuned;
    }

    /** The weights with the change so far. They follow the change. */
    Weights tuned() {
        return tuned;
    }

    /** The trained weights by name. */
    Map<String, Parameter> parameters() {
        return parameters;
    }

    /** Updates the weights after their changes were changed, and sets all gradients to zero. */
    void refresh() {
        try (NoGrad off = new NoGrad()) {
            parameters.values().forEach(Parameter::refresh);
        }
        clearGradients();
    }

    void clearGradients() {
        for (Parameter parameter : parameters.values()) {
            if (parameter.tuned.hasGradient()) JniUtils.zeroGrad((PtNDArray) parameter.tuned);
        }
    }

    /** Whether all changes are finite. */
    boolean isFinite() {
        for (Parameter parameter : parameters.values()) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray magnitudes = parameter.change.abs();
                magnitudes.attach(scope);
                NDArray sum = magnitudes.sum();
                sum.attach(scope);
                if (!Double.isFinite(sum.toType(DataType.FLOAT64, false).getDouble())) return false;
            }
        }
        return true;
    }

    /**
     * Copies of the changes.
     *
     * @param owner owns the copies
     */
    Map<String, Update> totals(NDManager owner) {
        Map<String, Update> totals = new TreeMap<>();
        parameters.forEach((name, parameter) -> totals.put(name, total(owner, parameter)));
        return totals;
    }

    private static Update total(NDManager owner, Parameter parameter) {
        NDArray change = parameter.change;
        if (parameter.rows) return changedRows(owner, change);
        NDArray copy = change.duplicate();
        copy.attach(owner);
        if (change.getShape().dimension() > 1) return new Dense(copy);
        NDArray row = owner.create(new Shape(1, change.size()), change.getDataType()); // (1, n)
        row.set(new NDIndex("0"), copy);
        copy.close();
        return new Vector(row);
    }

    private static Update changedRows(NDManager owner, NDArray change) {
        try (NDManager scope = owner.newSubManager()) {
            NDArray magnitudes = change.abs();
            magnitudes.attach(scope);
            NDArray sums = magnitudes.sum(new int[] {1}); // (V)
            sums.attach(scope);
            NDArray changed = sums.neq(0);
            changed.attach(scope);
            NDArray places = changed.nonzero();
            places.attach(scope);
            long[] ids = places.toLongArray();
            NDArray index = scope.create(ids);
            NDArray values = change.get(scope, new NDIndex("{}", index)).duplicate(); // (rows, d)
            values.attach(owner);
            return new Rows(java.util.Arrays.stream(ids).boxed().toList(), values, change.getShape());
        }
    }

    /** The trained weight of this name. */
    Parameter parameter(String name) {
        return Objects.requireNonNull(parameters.get(name));
    }

    @Override
    public void close() {
        manager.close();
    }
}
