package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys and values of a prefix in every layer; immutable. Because attention is causal, the first n positions of a
 * cache are the cache of the first n tokens. {@link #cut} uses this: one prefill serves all smaller shot counts.
 *
 * <p>Legend: KV key/value heads, P tokens of the prefix, hd width of a head.
 */
public final class PrefixCache implements AutoCloseable {
    private final NDManager manager;
    private final List<NDArray> keys;
    private final List<NDArray> values;
    private final int tokens;

    private PrefixCache(NDManager manager, List<NDArray> keys, List<NDArray> values, int tokens) {
        this.manager = manager;
        this.keys = List.copyOf(keys);
        this.values = List.copyOf(values);
        this.tokens = tokens;
    }

    /**
     * Runs {@code ids} through the decoder and keeps keys and values.
     *
     * @param parent a sub-manager of it owns the cache until the cache is closed
     */
    public static PrefixCache prefill(Decoder decoder, NDManager parent, long[] ids) {
        return prefill(decoder, parent, ids, Probe.NONE);
    }

    /** As {@link #prefill(Decoder, NDManager, long[])}, with a probe that sees the pass. */
    public static PrefixCache prefill(Decoder decoder, NDManager parent, long[] ids, Probe probe) {
        NDManager manager = parent.newSubManager();
        try (NDManager call = parent.newSubManager();
                NoGrad off = new NoGrad()) {
            Keeper keeper = new Keeper(manager, probe);
            decoder.hiddenAt(call, TokenBatch.row(call, ids), null, keeper, ids.length - 1);
            return new PrefixCache(manager, keeper.keys, keeper.values, ids.length);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /** The number of tokens of the prefix. */
    public int tokens() {
        return tokens;
    }

    /** The number of bytes of keys and values. */
    public long bytes() {
        long sum = 0;
        for (NDArray k : keys) sum += 2 * k.size() * k.getDataType().getNumOfBytes();
        return sum;
    }

    /**
     * The cache of the first {@code n} tokens, as views of this one without a copy. Closing it does not affect this
     * one; closing this one closes it.
     */
    public PrefixCache cut(int n) {
        if (n < 1 || n > tokens) {
            throw new IllegalArgumentException("a cache of " + tokens + " tokens cannot be cut to " + n);
        }
        NDManager owner = manager.newSubManager();
        return new PrefixCache(owner, cut(owner, keys, n), cut(owner, values, n), n);
    }

    private static List<NDArray> cut(NDManager owner, List<NDArray> arrays, int n) {
        List<NDArray> views = new ArrayList<>();
        for (NDArray a : arrays) views.add(Probe.keep(owner, a.get(":, 0:{}", n))); // (KV, n, hd)
        return views;
    }

    /** The keys of a layer, normed and rotated: (KV, P, hd). */
    NDArray keys(int layer) {
        return keys.get(layer);
    }

    /** The values of a layer: (KV, P, hd). */
    NDArray values(int layer) {
        return values.get(layer);
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
