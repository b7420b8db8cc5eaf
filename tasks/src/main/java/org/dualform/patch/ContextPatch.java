package org.dualform.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.PrefixCache;
import org.dualform.model.Probe;
import org.dualform.model.TokenBatch;

/**
 * What a context does to the last token of one query, as patches of every block.
 *
 * <p>This is algebra about any decoder, trained or not: it says that the effect of a context on one token can be written
 * into weights, and nothing about how a model came to use its context.
 *
 * <p>Legend: T tokens of the query, V vocabulary.
 *
 * @param layers the patch of each block
 * @param withContext logits with the context, (1, V)
 * @param without logits without it, (1, V)
 * @param patched logits of the patched blocks without the context, (1, V)
 */
public record ContextPatch(List<LayerPatch> layers, NDArray withContext, NDArray without, NDArray patched) {
    public ContextPatch {
        layers = List.copyOf(layers);
    }

    /**
     * The three passes: with the context, without it, and without it patched.
     *
     * @param owner owns the arrays of the result
     * @param context the context, as a prefix
     * @param none what precedes the query without a context: at least the token that begins every sequence
     * @param query the T tokens of the query
     * @throws org.dualform.contract.UserException if a block cannot be patched
     */
    public static ContextPatch of(
            NDManager owner, Decoder decoder, PrefixCache context, PrefixCache none, long[] query) {
        try (NoGrad off = new NoGrad();
                NDManager passes = owner.newSubManager()) {
            FedRows wanted = new FedRows(passes, Probe.NONE);
            NDArray withContext = logits(owner, decoder, context, query, wanted);
            NDArray without = logits(owner, decoder, none, query, Probe.NONE);
            Patched patched = patched(owner, owner, decoder, wanted.rows(), none, query);
            return new ContextPatch(patched.layers(), withContext, without, patched.logits());
        }
    }

    /**
     * The patched pass alone, after a pass with the context that others made.
     *
     * @param owner owns the patches
     * @param wanted what the feed-forward parts met with the context
     * @param logits owns the logits
     */
    public static Patched patched(
            NDManager owner, NDManager logits, Decoder decoder, List<FedRow> wanted, PrefixCache none, long[] query) {
        Patching patching = new Patching(owner, decoder, Fit.LEAST_SQUARES, wanted, query.length - 1);
        NDArray patched = logits(logits, decoder, none, query, patching);
        return new Patched(patching.patches(), patched);
    }

    /**
     * @param layers the patch of each block
     * @param logits of the patched blocks without the context, (1, V)
     */
    public record Patched(List<LayerPatch> layers, NDArray logits) {
        public Patched {
            layers = List.copyOf(layers);
        }
    }

    /** The logits after a query's last token, (1, V), owned by {@code owner}. */
    public static NDArray logits(NDManager owner, Decoder decoder, PrefixCache prefix, long[] query, Probe probe) {
        Decoder fitting = decoder.forLength(prefix.tokens() + query.length);
        try (NoGrad off = new NoGrad();
                NDManager call = owner.newSubManager()) {
            NDArray hidden =
                    fitting.hiddenAt(call, TokenBatch.row(call, query), prefix, probe, query.length - 1); // (1, e)
            return fitting.logits(owner, hidden); // (1, V)
        }
    }

    /** The same logits by a decoder that knows of no patches, with the changed matrices as its weights. */
    public NDArray withChangedWeights(NDManager owner, Decoder decoder, PrefixCache none, long[] query) {
        Decoder changed = new Decoder(decoder.architecture(), PatchedLayers.of(decoder.weights(), layers));
        return logits(owner, changed, none, query, Probe.NONE);
    }
}
