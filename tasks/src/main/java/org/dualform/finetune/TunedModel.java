package org.dualform.finetune;

import ai.djl.ndarray.NDManager;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.model.Decoder;

/** A decoder with the weights after fine-tuning. It owns the changed weights only; close it to free them. */
public final class TunedModel implements AutoCloseable {
    private final NDManager manager;
    private final Decoder decoder;

    /**
     * @param parent a sub-manager of it owns the changed weights
     * @param shots a shot count that {@code update} was trained for, or 0 for the base model
     */
    public TunedModel(NDManager parent, Decoder base, WeightUpdate update, int shots) {
        manager = parent.newSubManager();
        try {
            decoder = shots == 0 ? base : new Decoder(base.architecture(), update.at(manager, base.weights(), shots));
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    public Decoder decoder() {
        return decoder;
    }

    @Override
    public void close() {
        manager.close();
    }
}
