package org.dualform.model.part;

import org.jspecify.annotations.Nullable;

/**
 * What a family's config.json says, in the decoder's own terms. Weights apart, this is the whole model. A plain one is
 * made by {@link #plain}; what a family does otherwise is added by the {@code with…} methods.
 *
 * @param family name as config.json has it (model_type)
 * @param norm of blocks, of the end, and of queries and keys where there is one
 * @param residual how a block adds its two parts
 * @param queryKeyNorm whether each head's queries and keys are normed, before they turn
 * @param rotary turned positions of queries and keys, or null
 * @param windows how far back each layer sees
 * @param activation of the feed-forward part
 * @param scaling of scores
 * @param biases which projections have them
 * @param ends what is done before the first block and after the last
 */
public record Architecture(
        String family,
        Sizes sizes,
        Norm norm,
        Residual residual,
        boolean queryKeyNorm,
        @Nullable Rotary rotary,
        Windows windows,
        Activation activation,
        Scaling scaling,
        Biases biases,
        Ends ends) {
    /** Norms before the parts, every layer sees all, embeddings go in as they are, and a norm stands at the end. */
    public static Architecture plain(
            String family,
            Sizes sizes,
            Norm norm,
            @Nullable Rotary rotary,
            Activation activation,
            Scaling scaling,
            Biases biases,
            boolean tied) {
        return new Architecture(
                family,
                sizes,
                norm,
                Residual.PRE_NORM,
                false,
                rotary,
                Windows.UNLIMITED,
                activation,
                scaling,
                biases,
                new Ends(1, true, tied));
    }

    public Architecture withSizes(Sizes other) {
        return new Architecture(
                family, other, norm, residual, queryKeyNorm, rotary, windows, activation, scaling, biases, ends);
    }

    public Architecture withResidual(Residual other) {
        return new Architecture(
                family, sizes, norm, other, queryKeyNorm, rotary, windows, activation, scaling, biases, ends);
    }

    public Architecture withQueryKeyNorm(boolean normed) {
        return new Architecture(
                family, sizes, norm, residual, normed, rotary, windows, activation, scaling, biases, ends);
    }

    public Architecture withWindows(Windows other) {
        return new Architecture(
                family, sizes, norm, residual, queryKeyNorm, rotary, other, activation, scaling, biases, ends);
    }

    /** With embeddings multiplied by {@code scale}. */
    public Architecture withEmbeddingScale(double scale) {
        return new Architecture(
                family,
                sizes,
                norm,
                residual,
                queryKeyNorm,
                rotary,
                windows,
                activation,
                scaling,
                biases,
                ends.scaled(scale));
    }

    /** With or without the norm after the last block. */
    public Architecture withFinalNorm(boolean normed) {
        return new Architecture(
                family,
                sizes,
                norm,
                residual,
                queryKeyNorm,
                rotary,
                windows,
                activation,
                scaling,
                biases,
                ends.normed(normed));
    }

    /** Whether the head is the embedding unless the file says otherwise. */
    public boolean tied() {
        return ends.tied;
    }

    /**
     * @param embeddingScale factor on embeddings, before positions are added
     * @param norm whether a norm stands after the last block
     * @param tied whether the head is the embedding unless the file says otherwise
     */
    public record Ends(double embeddingScale, boolean norm, boolean tied) {
        private Ends scaled(double scale) {
            return new Ends(scale, norm, tied);
        }

        private Ends normed(boolean normed) {
            return new Ends(embeddingScale, normed, tied);
        }
    }

    /**
     * @param vocabulary V
     * @param width d
     * @param layers L
     * @param heads H, query heads
     * @param kvHeads KV; each serves H / KV neighbouring query heads
     * @param headDim hd
     * @param feedForward f
     * @param positions the longest sequence, in tokens
     * @param embedding e, width of the token embedding and of the head's input; d but in OPT's smallest model
     */
    public record Sizes(
            int vocabulary,
            int width,
            int layers,
            int heads,
            int kvHeads,
            int headDim,
            int feedForward,
            int positions,
            int embedding) {
        /** Sizes of a model whose embedding is as wide as its blocks. */
        public Sizes(
                int vocabulary,
                int width,
                int layers,
                int heads,
                int kvHeads,
                int headDim,
                int feedForward,
                int positions) {
            this(vocabulary, width, layers, heads, kvHeads, headDim, feedForward, positions, width);
        }

        /** The same model with room for sequences of another length. */
        public Sizes withPositions(int longest) {
            return new Sizes(vocabulary, width, layers, heads, kvHeads, headDim, feedForward, longest, embedding);
        }

        /** The same model with another number of blocks. */
        public Sizes withLayers(int count) {
            return new Sizes(vocabulary, width, count, heads, kvHeads, headDim, feedForward, positions, embedding);
        }

        /** Width of the query projection's output. */
        public int queryWidth() {
            return heads * headDim;
        }

        /** Width of the key and value projections' outputs. */
        public int kvWidth() {
            return kvHeads * headDim;
        }
    }

    /** Whether the projections to queries, keys and values, attention's output and the feed-forward part have biases. */
    public record Biases(boolean queryKeyValue, boolean attentionOutput, boolean feedForward) {
        /** Everywhere, or nowhere. */
        public static Biases all(boolean biased) {
            return new Biases(biased, biased, biased);
        }
    }

    /**
     * @param byHeadDim scores are divided by √hd
     * @param byLayer scores of layer i (from 0) are divided by i + 1 as well
     */
    public record Scaling(boolean byHeadDim, boolean byLayer) {
        /** By √hd alone, as in most families. */
        public static final Scaling PLAIN = new Scaling(true, false);

        /** The factor on layer {@code layer}'s scores. */
        public double factor(int layer, int headDim) {
            return (byHeadDim ? 1 / Math.sqrt(headDim) : 1.0) / (byLayer ? layer + 1 : 1);
        }
    }
}
