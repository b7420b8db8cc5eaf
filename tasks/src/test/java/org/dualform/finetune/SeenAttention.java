package org.dualform.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.PrefixCache;
import org.dualform.model.Probe;
import org.dualform.model.TokenBatch;
import org.jspecify.annotations.Nullable;

/**
 * The attention of one pass of a decoder with one head, layer by layer.
 *
 * <p>Legend: T tokens of the pass, S columns with the prefix's, D width, W width of the head.
 */
final class SeenAttention implements Probe {
    private final NDManager manager;
    private final @Nullable SeenAttention prefix;
    private final List<NDArray> inputs = new ArrayList<>();
    private final List<NDArray> keys = new ArrayList<>();
    private final List<NDArray> values = new ArrayList<>();
    private final List<NDArray> queries = new ArrayList<>();
    private final List<NDArray> scores = new ArrayList<>();
    private final List<NDArray> outputs = new ArrayList<>();

    private SeenAttention(NDManager manager, @Nullable SeenAttention prefix) {
        this.manager = manager;
        this.prefix = prefix;
    }

    /** Of a query alone. */
    static SeenAttention of(NDManager manager, Decoder decoder, long[] query) {
        SeenAttention seen = new SeenAttention(manager, null);
        try (NoGrad off = new NoGrad()) {
            decoder.hidden(manager, TokenBatch.row(manager, query), null, seen);
        }
        return seen;
    }

    /** Of a query behind demonstrations that were run before it, as a sweep over shots does. */
    static SeenAttention of(NDManager manager, Decoder decoder, long[] demonstrations, long[] query) {
        SeenAttention before = new SeenAttention(manager, null);
        SeenAttention seen = new SeenAttention(manager, before);
        try (PrefixCache cache = PrefixCache.prefill(decoder, manager, demonstrations, before);
                NoGrad off = new NoGrad()) {
            decoder.hidden(manager, TokenBatch.row(manager, query), cache, seen);
        }
        return seen;
    }

    /** What the demonstrations' own pass did. */
    SeenAttention prefix() {
        return Objects.requireNonNull(prefix);
    }

    /** What the key and value projections take: (T, D). */
    NDArray inputs(int layer) {
        return inputs.get(layer).get(0);
    }

    /** (T, W). */
    NDArray keys(int layer) {
        return keys.get(layer).get(0).get(0);
    }

    /** (T, W). */
    NDArray values(int layer) {
        return values.get(layer).get(0).get(0);
    }

    /** The demonstrations' values, then the query's: (S, W). */
    NDArray allValues(int layer) {
        return prefix == null ? values(layer) : prefix.values(layer).concat(values(layer), 0);
    }

    /** Of the last token, not scaled: (W). */
    NDArray lastQuery(int layer) {
        return queries.get(layer).get(0).get(0).get(-1);
    }

    /** Of the last token, before the softmax: (S). */
    NDArray lastScores(int layer) {
        return scores.get(layer).get(0).get(0).get(-1);
    }

    /** Of the last token, after the output projection: (D). */
    NDArray lastOutput(int layer) {
        return outputs.get(layer).get(0).get(-1);
    }

    private NDArray kept(NDArray array) {
        return Probe.keep(manager, array.duplicate());
    }

    @Override
    public NDArray keys(int layer, NDArray input, NDArray output) {
        inputs.add(kept(input));
        return output;
    }

    @Override
    public void rotatedQueries(int layer, NDArray q) {
        queries.add(kept(q));
    }

    @Override
    public void keysAndValues(int layer, NDArray k, NDArray v) {
        keys.add(kept(k));
        values.add(kept(v));
    }

    @Override
    public boolean seesScores() {
        return true;
    }

    @Override
    public void scores(int layer, NDArray seen) {
        scores.add(kept(seen));
    }

    @Override
    public void attentionOutput(int layer, NDArray a) {
        outputs.add(kept(a));
    }
}
