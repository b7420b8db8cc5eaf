package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import java.util.function.Consumer;
import org.dualform.model.part.function.Activation;
import org.dualform.model.part.function.Rotaries;
import org.dualform.model.part.function.Rotary;
import org.dualform.model.part.function.Scaled;
import org.dualform.model.part.function.SoftCap;
import org.jspecify.annotations.Nullable;

/**
 * What a family's config.json says, in the decoder's own terms: the whole model but for its weights. {@link #plain}
 * makes a plain one; the {@code with…} methods add what a family does differently.
 *
 * @param family the family's name in config.json (model_type)
 * @param norm the norm of the blocks, of the end, and of queries and keys if these are normed
 * @param residual how a block adds its two parts
 * @param queryKeyNorm how queries and keys are normed, before they are rotated
 * @param rotaries the rotary positions of queries and keys in each layer
 * @param windows how far back each layer sees
 * @param activation the activation of the feed-forward part
 * @param scaling the constant factors in a block
 * @param biases which projections have biases
 * @param ends what is done before the first block and after the last
 * @param alibi what is added to the scores by the column's position, or null
 * @param momentum what attention or the residual stream keeps of what came before, or null
 */
public record Architecture(
        String family,
        Sizes sizes,
        Norm norm,
        Residual residual,
        QueryKeyNorm queryKeyNorm,
        Rotaries rotaries,
        Windows windows,
        Activation activation,
        Scaling scaling,
        Biases biases,
        Ends ends,
        @Nullable Alibi alibi,
        @Nullable Momentum momentum) {
    /**
     * A model whose norms come before the parts, whose layers see everything before them, whose embeddings are not
     * scaled, and which has a norm at its end.
     */
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
                QueryKeyNorm.NONE,
                rotary == null ? Rotaries.NONE : Rotaries.same(rotary),
                Windows.UNLIMITED,
                activation,
                scaling,
                biases,
                new Ends(tied),
                null,
                null);
    }

    public Architecture withFamily(String other) {
        return with(change -> change.family = other);
    }

    public Architecture withSizes(Sizes other) {
        return with(change -> change.sizes = other);
    }

    public Architecture withResidual(Residual other) {
        return with(change -> change.residual = other);
    }

    /** The same model with the queries and keys of each head normed, or not. */
    public Architecture withQueryKeyNorm(boolean normed) {
        return withQueryKeyNorm(normed ? QueryKeyNorm.BY_HEAD : QueryKeyNorm.NONE);
    }

    public Architecture withQueryKeyNorm(QueryKeyNorm normed) {
        return with(change -> change.queryKeyNorm = normed);
    }

    public Architecture withRotaries(Rotaries other) {
        return with(change -> change.rotaries = other);
    }

    public Architecture withWindows(Windows other) {
        return with(change -> change.windows = other);
    }

    public Architecture withAlibi(Alibi other) {
        return with(change -> change.alibi = other);
    }

    /** The same model with momentum in its attention or in its residual stream. */
    public Architecture withMomentum(Momentum other) {
        return with(change -> change.momentum = other);
    }

    /** The same model with embeddings multiplied by {@code scale}. */
    public Architecture withEmbeddingScale(double scale) {
        return withEnds(new Ends(scale, ends.norm, ends.tied, ends.logitScale, ends.logitCap));
    }

    /** The same model with or without the norm after the last block. */
    public Architecture withFinalNorm(boolean normed) {
        return withEnds(new Ends(ends.embeddingScale, normed, ends.tied, ends.logitScale, ends.logitCap));
    }

    /** The same model with logits multiplied by {@code scale}. */
    public Architecture withLogitScale(double scale) {
        return withEnds(new Ends(ends.embeddingScale, ends.norm, ends.tied, scale, ends.logitCap));
    }

    /** The same model with logits that {@code cap} bounds. */
    public Architecture withLogitCap(@Nullable SoftCap cap) {
        return withEnds(new Ends(ends.embeddingScale, ends.norm, ends.tied, ends.logitScale, cap));
    }

    private Architecture withEnds(Ends other) {
        return with(change -> change.ends = other);
    }

    private Architecture with(Consumer<Change> what) {
        Change change = new Change(this);
        what.accept(change);
        return change.made();
    }

    /** A copy of which one part is replaced. A further part of the record is named here, and not in every method above. */
    private static final class Change {
        private String family;
        private Sizes sizes;
        private final Norm norm;
        private Residual residual;
        private QueryKeyNorm queryKeyNorm;
        private Rotaries rotaries;
        private Windows windows;
        private final Activation activation;
        private final Scaling scaling;
        private final Biases biases;
        private Ends ends;
        private @Nullable Alibi alibi;
        private @Nullable Momentum momentum;

        private Change(Architecture of) {
            family = of.family;
            sizes = of.sizes;
            norm = of.norm;
            residual = of.residual;
            queryKeyNorm = of.queryKeyNorm;
            rotaries = of.rotaries;
            windows = of.windows;
            activation = of.activation;
            scaling = of.scaling;
            biases = of.biases;
            ends = of.ends;
            alibi = of.alibi;
            momentum = of.momentum;
        }

        private Architecture made() {
            return new Architecture(
                    family,
                    sizes,
                    norm,
                    residual,
                    queryKeyNorm,
                    rotaries,
                    windows,
                    activation,
                    scaling,
                    biases,
                    ends,
                    alibi,
                    momentum);
        }
    }

    /** Whether the head is the embedding, unless the file stores another. */
    public boolean tied() {
        return ends.tied;
    }

    /**
     * @param embeddingScale factor on embeddings, before positions are added
     * @param norm whether there is a norm after the last block
     * @param tied whether the head is the embedding, unless the file stores another
     * @param logitScale factor on what the head returns
     * @param logitCap bounds the scaled logits, or null
     */
    public record Ends(
            double embeddingScale,
            boolean norm,
            boolean tied,
            double logitScale,
            @Nullable SoftCap logitCap) {
        private Ends(boolean tied) {
            this(1, true, tied, 1, null);
        }

        /** What the head returns (…, V), scaled and bounded. */
        public NDArray logits(NDArray x) {
            NDArray scaled = logitScale == 1 ? x : Scaled.times(x, logitScale); // (…, V)
            return logitCap == null ? scaled : logitCap.apply(scaled); // (…, V)
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
     * @param positions the length of the longest sequence, in tokens; {@link #UNLIMITED} if the family sets no limit
     * @param embedding e, the width of the token embedding and of the head's input; it differs from d in OPT's 350M
     *     model only
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
        /** The positions of a model that takes sequences of any length. */
        public static final int UNLIMITED = Integer.MAX_VALUE;

        /** The sizes of a model whose embedding is as wide as its blocks. */
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

        /** The same sizes for sequences of another length. */
        public Sizes withPositions(int longest) {
            return new Sizes(vocabulary, width, layers, heads, kvHeads, headDim, feedForward, longest, embedding);
        }

        /** The same sizes with another number of blocks. */
        public Sizes withLayers(int count) {
            return new Sizes(vocabulary, width, count, heads, kvHeads, headDim, feedForward, positions, embedding);
        }

        /** The width of the query projection's output, H·hd. */
        public int queryWidth() {
            return heads * headDim;
        }

        /** The width of the key and value projections' outputs, KV·hd. */
        public int kvWidth() {
            return kvHeads * headDim;
        }
    }

    /**
     * Whether the query, key and value projections, the output projection of attention, and the feed-forward part have
     * biases.
     */
    public record Biases(boolean queryKeyValue, boolean attentionOutput, boolean feedForward) {
        /** Biases everywhere, or nowhere. */
        public static Biases all(boolean biased) {
            return new Biases(biased, biased, biased);
        }
    }

    /**
     * @param byHeadDim whether scores are divided by √hd
     * @param byLayer whether scores of layer i (from 0) are also divided by i + 1
     * @param scores a further factor on scores
     * @param scoreCap bounds the scaled scores before the mask, or null
     * @param residual the factor on what each part of a block adds to the residual stream
     */
    public record Scaling(
            boolean byHeadDim,
            boolean byLayer,
            double scores,
            @Nullable SoftCap scoreCap,
            double residual) {
        /** Scaling by √hd alone, as in most families. */
        public static final Scaling PLAIN = new Scaling(true, false);

        /** Scores that are scaled in no other way. */
        public Scaling(boolean byHeadDim, boolean byLayer) {
            this(byHeadDim, byLayer, 1, null, 1);
        }

        /** The factor on the scores of a layer. */
        public double factor(int layer, int headDim) {
            return scores * (byHeadDim ? 1 / Math.sqrt(headDim) : 1.0) / (byLayer ? layer + 1 : 1);
        }
    }
}
