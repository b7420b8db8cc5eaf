package org.dualform.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.dualform.model.ForwardingProbe;
import org.dualform.model.Probe;

/**
 * Cuts the graph before every block and keeps each block's output, so that a loss at a block's output reaches that
 * block only: layer-causal gradient descent (Deutch et al. 2024, arXiv:2311.07772).
 */
final class LayerCausal extends ForwardingProbe {
    private final NDManager step;
    private final List<NDArray> outputs = new ArrayList<>();

    /** @param step owns the outputs that are kept */
    LayerCausal(NDManager step, Probe next) {
        super(next);
        this.step = step;
    }

    @Override
    public NDArray entering(int layer, NDArray x) {
        if (layer > 0) outputs.add(Probe.keep(step, x));
        return super.entering(layer, x.stopGradient());
    }

    @Override
    public void residual(int layer, NDArray x) {
        super.residual(layer, x);
        if (layer == outputs.size() + 1) outputs.add(Probe.keep(step, x)); // the output of the last block
    }

    /** The outputs (1, T, d) of the blocks, before the final norm. */
    List<NDArray> outputs() {
        return outputs;
    }
}
