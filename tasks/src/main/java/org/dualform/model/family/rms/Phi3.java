package org.dualform.model.family.rms;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.LongRotaryConfig;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.family.file.Tensors;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Weights;
import org.dualform.model.part.Windows;

/**
 * Phi 3 and 4: Llama with fused projections, a window in all layers or in none, and rotary positions that depend on the
 * length of the sequence in the models for long ones.
 */
public final class Phi3 implements Family {
    @Override
    public String name() {
        return "phi3";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 3072);
        int heads = config.count("num_attention_heads", 32);
        int layers = config.layers("num_hidden_layers", 32);
        int headDim = config.statedHeadDim(width, heads);
        int positions = config.count("max_position_embeddings", 4096);
        int window = config.count("sliding_window", Windows.ALL, Windows.ALL);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 32064),
                                width,
                                layers,
                                heads,
                                config.kvHeads(heads, heads),
                                headDim,
                                config.count("intermediate_size", 8192),
                                positions),
                        new Norm.Rms((float) config.positive("rms_norm_eps", 1e-5)),
                        null,
                        config.activation("hidden_act", "silu"),
                        Architecture.Scaling.PLAIN,
                        Architecture.Biases.all(false),
                        config.flag("tie_word_embeddings", false))
                .withRotaries(LongRotaryConfig.read(config, headDim, positions))
                .withWindows(new Windows(Collections.nCopies(layers, window)));
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        return LlamaTensors.weights(architecture, source, Phi3::projections);
    }

    /** Splits the fused projections. Their rows are the query, the key and the value; the gate and what it opens. */
    private static LlamaTensors.Projected projections(Architecture architecture, Tensors tensors, String at) {
        Architecture.Sizes s = architecture.sizes();
        long q = s.queryWidth();
        long kv = s.kvWidth();
        long f = s.feedForward();
        NDArray attention =
                tensors.array(at + "self_attn.qkv_proj.weight", q + 2 * kv, s.width()); // (H·hd + 2·KV·hd, d)
        NDArray feed = tensors.array(at + "mlp.gate_up_proj.weight", 2 * f, s.width()); // (2f, d)
        return new LlamaTensors.Projected(
                rows(attention, 0, q),
                rows(attention, q, q + kv),
                rows(attention, q + kv, q + 2 * kv),
                tensors.linear(at + "self_attn.o_proj", q, s.width(), false),
                new FeedForward(
                        rows(feed, 0, f),
                        rows(feed, f, 2 * f),
                        tensors.linear(at + "mlp.down_proj", f, s.width(), false)));
    }

    /** Rows {@code from} to {@code to} of a fused weight, seen without a copy. */
    private static Linear rows(NDArray fused, long from, long to) {
        return new Linear(fused.get("{}:{}", from, to), null); // (to - from, d)
    }

    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith("rotary_emb.inv_freq");
    }
}
