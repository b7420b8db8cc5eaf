package org.dualform.patch;

import java.util.AbstractList;
import java.util.List;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Weights;

/**
 * The weights of a decoder with the patches of all blocks written into its matrices. A block's are made when the decoder
 * asks for the block, and freed after it, so one block's changed matrices exist at a time.
 */
public final class PatchedLayers extends AbstractList<LayerWeights> {
    private final List<LayerWeights> base;
    private final List<LayerPatch> patches;

    private PatchedLayers(List<LayerWeights> base, List<LayerPatch> patches) {
        this.base = base;
        this.patches = patches;
    }

    /** Changed weights, which hold as long as the patches do. */
    public static Weights of(Weights base, List<LayerPatch> patches) {
        return base.withLayers(new PatchedLayers(base.layers(), patches));
    }

    @Override
    public LayerWeights get(int layer) {
        return patches.get(layer).applied(base.get(layer));
    }

    @Override
    public int size() {
        return base.size();
    }
}
