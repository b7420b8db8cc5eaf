package org.dualform.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.PrefixCache;
import org.dualform.model.Probe;
import org.dualform.model.TokenBatch;

/**
 * One change of the weights that stands for a context at any query: a compiled prompt. It is made from queries whose
 * contexts are known, and used without a context.
 *
 * <p>Legend: n queries, T tokens of the opening and the longest query, d width.
 */
public final class StaticPatch {
    /** A query and the context that its answer is to be as with. */
    public static final class Shown {
        private final long[] context;
        private final long[] query;

        /**
         * @param context the tokens before it, the first of the sequence included
         * @param query its tokens, at least one
         */
        public Shown(long[] context, long[] query) {
            this.context = context.clone();
            this.query = query.clone();
        }
    }

    private StaticPatch() {}

    /**
     * The patch of each block.
     *
     * @param owner owns the patches
     * @param shown at least one query
     * @param opening what precedes a query without a context: at least the token that begins every sequence
     * @param done is told how many queries have been read with their contexts
     * @throws org.dualform.contract.UserException if a block cannot be patched
     */
    public static List<LayerPatch> of(
            NDManager owner, Decoder decoder, Fit fit, List<Shown> shown, long[] opening, IntConsumer done) {
        try (NoGrad off = new NoGrad();
                NDManager passes = owner.newSubManager()) {
            List<List<FedRow>> met = new ArrayList<>();
            for (Shown one : shown) {
                met.add(withContext(passes, decoder, one));
                done.accept(met.size());
            }
            // The opening stands in the batch and not in a prefix: the patched model reads it with changed weights too.
            List<long[]> whole = shown.stream()
                    .map(one -> LongStream.concat(Arrays.stream(opening), Arrays.stream(one.query))
                            .toArray())
                    .toList();
            NDArray ids = TokenBatch.padded(passes, whole); // (n, T)
            int longest = (int) ids.getShape().get(1);
            long[] positions = new long[whole.size()];
            for (int i = 0; i < positions.length; i++) positions[i] = (long) i * longest + whole.get(i).length - 1;
            Decoder fitting = decoder.forLength(longest);
            Patching patching = new Patching(owner, fitting, fit, joined(met), positions);
            fitting.hiddenAt(passes, ids, null, patching, positions);
            return patching.patches();
        }
    }

    /** What the feed-forward parts meet at a query's last token with its context. */
    private static List<FedRow> withContext(NDManager owner, Decoder decoder, Shown one) {
        Decoder fitting = decoder.forLength(one.context.length + one.query.length);
        try (NDManager pass = owner.newSubManager();
                PrefixCache context = PrefixCache.prefill(fitting, pass, one.context)) {
            FedRows rows = new FedRows(owner, Probe.NONE);
            fitting.hiddenAt(pass, TokenBatch.row(pass, one.query), context, rows, one.query.length - 1);
            return rows.rows();
        }
    }

    /** The rows of all queries by layer. */
    private static List<FedRow> joined(List<List<FedRow>> queries) {
        List<FedRow> layers = new ArrayList<>();
        for (int i = 0; i < queries.get(0).size(); i++) {
            int layer = i;
            List<FedRow> rows = queries.stream().map(query -> query.get(layer)).toList();
            layers.add(new FedRow(joined(rows, FedRow::base), joined(rows, FedRow::input)));
        }
        return layers;
    }

    private static NDArray joined(List<FedRow> rows, Function<FedRow, NDArray> part) {
        NDList list = new NDList();
        rows.forEach(row -> list.add(part.apply(row)));
        return NDArrays.concat(list, 0); // (n, d)
    }
}
