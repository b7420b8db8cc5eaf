package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.dualform.finetune.update.KeyValueUpdate.Change;
import org.dualform.finetune.update.KeyValueUpdate.Layer;

/**
 * Joins the factors of a segment's steps. The key and the value projection share one X.
 *
 * <p>Legend: T tokens of the segment, I width of the projections' input, O width of their output.
 */
public final class SegmentFactors {
    private SegmentFactors() {}

    /**
     * @param owner owns the result
     * @param steps factored changes by step and layer
     */
    public static List<Layer> join(NDManager owner, List<List<Layer>> steps) {
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < steps.get(0).size(); i++) {
            int layer = i;
            List<Change> keys =
                    steps.stream().map(step -> step.get(layer).key()).toList();
            List<Change> values =
                    steps.stream().map(step -> step.get(layer).value()).toList();
            NDArray inputs = join(owner, keys, change -> factors(change).inputs()); // (T, I)
            layers.add(new Layer(join(owner, keys, inputs), join(owner, values, inputs)));
        }
        return layers;
    }

    private static Change join(NDManager owner, List<Change> steps, NDArray inputs) {
        NDArray errors = join(owner, steps, change -> factors(change).errors()); // (T, O)
        List<Integer> tokens = steps.stream()
                .flatMap(change -> factors(change).steps().stream())
                .toList();
        boolean bias = steps.get(0).bias() != null;
        return new Change(
                new Factored(errors, inputs, tokens),
                bias ? new Vector(join(owner, steps, SegmentFactors::bias)) : null);
    }

    private static Factored factors(Change change) {
        return (Factored) change.weight();
    }

    private static NDArray bias(Change change) {
        if (change.bias() instanceof Vector vector) {
            return vector.values(); // (1, O)
        }
        throw new IllegalArgumentException("some steps change a bias and some do not");
    }

    private static NDArray join(NDManager owner, List<Change> steps, Function<Change, NDArray> part) {
        var parts = new NDList();
        steps.forEach(step -> parts.add(part.apply(step)));
        NDArray joined = NDArrays.concat(parts, 0); // (T, I), (T, O) or, of biases, (steps, O)
        joined.attach(owner);
        return joined;
    }
}
