package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.dualform.model.Probe;
import org.jspecify.annotations.Nullable;

/** Keeps the residual stream after the first block's attention. */
final class AfterFirstAttention implements Probe {
    private final NDManager owner;
    private @Nullable NDArray residual;

    AfterFirstAttention(NDManager owner) {
        this.owner = owner;
    }

    @Override
    public void afterAttention(int layer, NDArray x) {
        if (layer == 0) {
            residual = Probe.keep(owner, x);
        }
    }

    /** The residual stream, (B, T, d); it exists after a forward pass. */
    NDArray residual() {
        if (residual == null) {
            throw new IllegalStateException("no forward pass was made");
        }
        return residual;
    }
}
