package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.model.part.Weights;
import org.jspecify.annotations.Nullable;

/**
 * What fine-tuning changed in the key and value projections, for every shot count trained for.
 *
 * <p>The arrays belong to the manager of whoever made or read this update, and live as long as it does.
 */
public final class KeyValueUpdate implements WeightUpdate {
    /**
     * The change of one projection.
     *
     * @param bias null if the projection has no bias
     */
    public record Change(Update weight, @Nullable Update bias) {
        public void addTo(NDArray weightSum, @Nullable NDArray biasSum) {
            weight.addTo(weightSum);
            if (bias != null && biasSum != null) {
                bias.addTo(biasSum);
            }
        }
    }

    /** The changes of one layer in one segment. */
    public record Layer(Change key, Change value) {
        public Change of(Projection projection) {
            return projection == Projection.KEY ? key : value;
        }
    }

    private final UpdatePlan plan;
    private final Map<Integer, List<Integer>> paths;
    private final Map<Integer, List<Layer>> segments;

    /**
     * @param segments the layers of each segment, by the segment's index in the plan; a segment is absent if training
     *     diverged before its end, or no shot count needs it
     */
    public KeyValueUpdate(UpdatePlan plan, Map<Integer, List<Layer>> segments) {
        this.plan = plan;
        this.segments = new TreeMap<>(segments);
        this.paths = new TreeMap<>(plan.paths());
        paths.values().removeIf(path -> !segments.keySet().containsAll(path));
    }

    public UpdatePlan plan() {
        return plan;
    }

    @Override
    public Weights at(NDManager owner, Weights base, int shots) {
        return TunedLayers.at(owner, base, this, shots);
    }

    @Override
    public NavigableSet<Integer> shots() {
        return new TreeSet<>(paths.keySet());
    }

    /** The segments that exist and that some shot count needs, by their index in the plan. */
    public Map<Integer, List<Layer>> segments() {
        var needed = new TreeMap<Integer, List<Layer>>();
        paths.values().forEach(path -> path.forEach(i -> needed.put(i, segment(i))));
        return needed;
    }

    /**
     * Adds the change after {@code shots} demonstrations to {@code weightSum} (O, I) and {@code biasSum} (O), which
     * must be zero before. The weights are the model's own plus this sum, in this order, as in training.
     */
    public void addTo(int shots, int layer, Projection projection, NDArray weightSum, @Nullable NDArray biasSum) {
        List<Integer> path = paths.get(shots);
        if (path == null) {
            throw new IllegalArgumentException("trained for " + shots() + " demonstrations, not for " + shots);
        }
        addPath(path, layer, projection, weightSum, biasSum);
    }

    private void addPath(
            List<Integer> path, int layer, Projection projection, NDArray weightSum, @Nullable NDArray biasSum) {
        for (int i : path) {
            segment(i).get(layer).of(projection).addTo(weightSum, biasSum);
        }
    }

    private List<Layer> segment(int index) {
        return Objects.requireNonNull(segments.get(index));
    }
}
