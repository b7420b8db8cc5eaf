package org.dualform.finetune.update;

import ai.djl.ndarray.NDManager;
import java.util.NavigableSet;
import org.dualform.model.part.Weights;

/** What fine-tuning changed, for every shot count trained for. Whoever made or read the update owns its arrays. */
public sealed interface WeightUpdate permits KeyValueUpdate, NamedUpdate {
    /** The shot counts whose training reached its end. */
    NavigableSet<Integer> shots();

    /**
     * The weights of a model after {@code shots} demonstrations, the same to the last bit as in training.
     *
     * @param owner owns what differs from {@code base}
     */
    Weights at(NDManager owner, Weights base, int shots);
}
