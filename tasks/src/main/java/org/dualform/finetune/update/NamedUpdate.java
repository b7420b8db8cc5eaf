package org.dualform.finetune.update;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;
import org.dualform.model.part.Weights;

/**
 * Changes that do not have the low rank of gradient descent on a few tokens: the total change of each named weight, for
 * each shot count.
 */
public final class NamedUpdate implements WeightUpdate {
    private final Map<Integer, Map<String, Update>> totals;

    /** @param totals the totals by shot count, then by name as in {@link org.dualform.model.part.WeightMapping} */
    public NamedUpdate(Map<Integer, Map<String, Update>> totals) {
        this.totals = new TreeMap<>(totals);
    }

    @Override
    public NavigableSet<Integer> shots() {
        return new TreeSet<>(totals.keySet());
    }

    /** The total change of every changed weight, by shot count and name. */
    public Map<Integer, Map<String, Update>> totals() {
        return new TreeMap<>(totals);
    }

    @Override
    public Weights at(NDManager owner, Weights base, int shots) {
        Map<String, Update> changes = totals.get(shots);
        if (changes == null) {
            throw new IllegalArgumentException("trained for " + shots() + " demonstrations, not for " + shots);
        }
        return base.map((name, role, weight) ->
                changes.containsKey(name) ? sum(owner, weight, Objects.requireNonNull(changes.get(name))) : weight);
    }

    /** The change plus the base, in this order, as in training. */
    private static NDArray sum(NDManager owner, NDArray base, Update change) {
        try (NoGrad off = new NoGrad();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray sum = owner.zeros(base.getShape(), base.getDataType());
            change.addTo(sum);
            sum.addi(base);
            return Probe.keep(owner, sum);
        }
    }
}
