package org.dualform.model.part;

import org.jspecify.annotations.Nullable;

/**
 * What a family's config.json says, in the decoder's own terms. Weights apart, this is the whole model.
 *
 * @param family name as config.json has it (model_type)
 * @param norm of blocks, of the end, and of queries and keys where there is one
 * @param rotary turned positions of queries and keys, or null
 * @param activation of the feed-forward part
 * @param scaling of scores
 * @param biases which projections have them
 * @param tied whether the head is the embedding unless the file says otherwise
 */
public record Architecture(
        String family,
        Sizes sizes,
        Norm norm,
        @Nullable Rotary rotary,
        Activation activation,
        Scaling scaling,
        Biases biases,
        boolean tied) {
    /**
     * @param vocabulary V
     * @param width d
     * @param layers L
     * @param heads H, query heads
     * @param kvHeads KV; each serves H / KV neighbouring query heads
     * @param headDim hd
     * @param feedForward f
     * @param positions the longest sequence, in tokens
     */
    public record Sizes(
            int vocabulary,
            int width,
            int layers,
            int heads,
            int kvHeads,
            int headDim,
            int feedForward,
            int positions) {
        /** Width of the query projection's output. */
        public int queryWidth() {
            return heads * headDim;
        }

        /** Width of the key and value projections' outputs. */
        public int kvWidth() {
            return kvHeads * headDim;
        }
    }

    /** Whether the four projections of attention, and those of the feed-forward part, have biases. */
    public record Biases(boolean attention, boolean feedForward) {}

    /**
     * @param byHeadDim scores are divided by √hd
     * @param byLayer scores of layer i (from 0) are divided by i + 1 as well
     */
    public record Scaling(boolean byHeadDim, boolean byLayer) {
        /** The factor on layer {@code layer}'s scores. */
        public double factor(int layer, int headDim) {
            return (byHeadDim ? 1 / Math.sqrt(headDim) : 1.0) / (byLayer ? layer + 1 : 1);
        }
    }
}
