package org.dualform.finetune.update;

import ai.djl.ndarray.NDManager;
import java.util.NavigableSet;
import org.dualform.model.part.Weights;

/** What fine-tuning changed, for every trained shot count. Its arrays belong to whoever made or read it. */
public sealed interface WeightUpdate permits KeyValueUpdate, NamedUpdate {
    /** Shot counts that were trained to their end. */
    NavigableSet<Integer> shots();

    /**
     * A model's weights after {@code shots} demonstrations, the same to the last bit as in training.
     *
     * @param owner owns what differs from {@code base}
     */
    Weights at(NDManager owner, Weights base, int shots);
}
