package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.List;
import org.dualform.model.part.Momentum;
import org.dualform.model.part.function.Rotaries;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of a prefix in every layer; immutable. Because attention is causal, the first n positions of a
 * cache are the cache of the first n tokens. {@link #cut} uses this: one prefill serves all smaller shot counts.
 *
 * <p>Where rotary positions depend on the length of the whole sequence, the keys and values of a prefix do too. They
 * are then computed once for short sequences and once for long ones, unless the decoder is made for one length.
 *
 * <p>In models whose heads add a moving average of values ({@link Momentum}), the average at the prefix's end is a part of
 * the cache.
 *
 * <p>Legend: KV key/value heads, P tokens of the prefix, hd width of a head.
 */
public final class PrefixCache implements AutoCloseable {
    private final NDManager manager;
    private final List<Form> forms;
    private final int tokens;

    private PrefixCache(NDManager manager, List<Form> forms, int tokens) {
        this.manager = manager;
        this.forms = List.copyOf(forms);
        this.tokens = tokens;
    }

    /**
     * The prefix as some rotary positions make it.
     *
     * @param keys the keys of each layer, normed and rotated: (KV, P, hd)
     * @param values the values of each layer: (KV, P, hd)
     * @param momentum the model's momentum, or null
     * @param averages the sum of {@link Momentum} over the prefix's values in each layer, (KV, 1, hd); empty in models
     *     that average no values
     */
    record Form(
            Rotaries rotaries,
            int tokens,
            List<NDArray> keys,
            List<NDArray> values,
            @Nullable Momentum momentum,
            List<NDArray> averages) {
        /** The prefix with these keys and values. {@code owner} owns the averages. */
        static Form of(
                NDManager owner,
                Rotaries rotaries,
                int tokens,
                List<NDArray> keys,
                List<NDArray> values,
                @Nullable Momentum momentum) {
            List<NDArray> averages = new ArrayList<>();
            if (momentum != null && momentum.averagesValues()) {
                for (NDArray v : values) averages.add(average(owner, momentum, tokens, v));
            }
            return new Form(rotaries, tokens, keys, values, momentum, averages);
        }

        private static NDArray average(NDManager owner, Momentum momentum, int tokens, NDArray v) {
            try (NDScope scope = new NDScope()) {
                NDArray weights = momentum.atEnd(owner, tokens, v.getDataType()); // (1, P)
                return Probe.keep(owner, weights.matMul(v)); // (KV, 1, hd)
            }
        }

        NDArray average(int layer) {
            return averages.get(layer);
        }

        NDArray keys(int layer) {
            return keys.get(layer);
        }

        NDArray values(int layer) {
            return values.get(layer);
        }

        /** The first {@code n} tokens, as views that {@code owner} owns. */
        private Form cut(NDManager owner, int n) {
            return of(owner, rotaries, n, cut(owner, keys, n), cut(owner, values, n), momentum);
        }

        private static List<NDArray> cut(NDManager owner, List<NDArray> arrays, int n) {
            List<NDArray> views = new ArrayList<>();
            for (NDArray a : arrays) views.add(Probe.keep(owner, a.get(":, 0:{}", n))); // (KV, n, hd)
            return views;
        }
    }

    /**
     * Runs {@code ids} through the decoder and keeps keys and values.
     *
     * @param parent a sub-manager of it owns the cache until the cache is closed
     */
    public static PrefixCache prefill(Decoder decoder, NDManager parent, long[] ids) {
        return prefill(decoder, parent, ids, Probe.NONE);
    }

    /**
     * As {@link #prefill(Decoder, NDManager, long[])}, with a probe that sees the pass, or both passes where there are
     * two.
     */
    public static PrefixCache prefill(Decoder decoder, NDManager parent, long[] ids, Probe probe) {
        NDManager manager = parent.newSubManager();
        try (NoGrad off = new NoGrad()) {
            List<Form> forms = new ArrayList<>();
            for (Rotaries rotaries : decoder.architecture().rotaries().forms()) {
                Keeper keeper = new Keeper(manager, probe);
                pass(decoder, rotaries, parent, ids, keeper);
                Momentum momentum = decoder.architecture().momentum();
                forms.add(Form.of(manager, rotaries, ids.length, keeper.keys, keeper.values, momentum));
            }
            return new PrefixCache(manager, forms, ids.length);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    private static void pass(Decoder decoder, Rotaries rotaries, NDManager parent, long[] ids, Probe keeper) {
        Decoder fixed = new Decoder(decoder.architecture().withRotaries(rotaries), decoder.weights());
        try (NDManager call = parent.newSubManager()) {
            fixed.hiddenAt(call, TokenBatch.row(call, ids), null, keeper, ids.length - 1);
        }
    }

    /** The prefix for calls with these rotary positions. */
    Form form(Rotaries rotaries) {
        for (Form form : forms) if (form.rotaries.equals(rotaries)) return form;
        throw new IllegalArgumentException("the prefix of " + tokens
                + " tokens was computed for sequences of other lengths: its keys and values would be wrong here");
    }

    /** The number of tokens of the prefix. */
    public int tokens() {
        return tokens;
    }

    /** The number of bytes of keys, values and averages. */
    public long bytes() {
        long sum = 0;
        for (Form form : forms) {
            for (NDArray k : form.keys) sum += 2 * k.size() * k.getDataType().getNumOfBytes();
            for (NDArray m : form.averages) sum += m.size() * m.getDataType().getNumOfBytes();
        }
        return sum;
    }

    /**
     * The cache of the first {@code n} tokens, as views of this one without a copy; only averages are computed anew. Closing it does not affect this
     * one; closing this one closes it.
     */
    public PrefixCache cut(int n) {
        if (n < 1 || n > tokens) {
            throw new IllegalArgumentException("a cache of " + tokens + " tokens cannot be cut to " + n);
        }
        NDManager owner = manager.newSubManager();
        return new PrefixCache(
                owner, forms.stream().map(form -> form.cut(owner, n)).toList(), n);
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Keeps the keys and values of every layer while another probe sees the pass. */
    private static final class Keeper extends ForwardingProbe {
        private final NDManager manager;
        private final List<NDArray> keys = new ArrayList<>();
        private final List<NDArray> values = new ArrayList<>();

        Keeper(NDManager manager, Probe probe) {
            super(probe);
            this.manager = manager;
        }

        @Override
        public void keysAndValues(int layer, NDArray k, NDArray v) {
            super.keysAndValues(layer, k, v);
            keys.add(copy(k));
            values.add(copy(v));
        }

        private NDArray copy(NDArray x) {
            try (NDScope scope = new NDScope()) {
                return Probe.keep(manager, x.squeeze(0).duplicate()); // (KV, P, hd)
            }
        }
    }
}
