package org.dualform.model.family.rms;

import java.util.List;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.LayerTypes;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Weights;
import org.dualform.model.part.Windows;

/**
 * Qwen 2 and 3: Llama with a sliding window, if any, from some layer on. Qwen 2 has biases on queries, keys and values
 * only. Qwen 3 norms the queries and keys of each head, and its default for the width of a head does not depend on the
 * model's width.
 *
 * @param third whether this is Qwen 3
 */
public record Qwen(String name, boolean third) implements Family {
    public static Qwen two() {
        return new Qwen("qwen2", false);
    }

    public static Qwen three() {
        return new Qwen("qwen3", true);
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 4096);
        int heads = config.count("num_attention_heads", 32);
        int layers = config.layers("num_hidden_layers", 32);
        int headDim = third
                ? config.count("head_dim", 128)
                : config.namedHeadDim("hidden_size", width, "num_attention_heads", heads);
        int positions = config.count("max_position_embeddings", 32768);
        config.refuse("use_mrope");
        return Architecture.plain(
                        name,
                        new Architecture.Sizes(
                                config.count("vocab_size", 151936),
                                width,
                                layers,
                                heads,
                                config.kvHeads(heads, 32),
                                headDim,
                                config.count("intermediate_size", 22016),
                                positions),
                        new Norm.Rms((float) config.positive("rms_norm_eps", 1e-6)),
                        RotaryConfig.whole(config, headDim, positions),
                        config.activation("hidden_act", "silu"),
                        Architecture.Scaling.PLAIN,
                        biases(config),
                        config.flag("tie_word_embeddings", false))
                .withQueryKeyNorm(third)
                .withWindows(windows(config, layers));
    }

    private Architecture.Biases biases(ModelConfig config) {
        if (!third) return new Architecture.Biases(true, false, false);
        boolean attention = config.flag("attention_bias", false);
        return new Architecture.Biases(attention, attention, false);
    }

    /** The windows of all layers: as {@code layer_types} says, or else from layer {@code max_window_layers} on. */
    private static Windows windows(ModelConfig config, int layers) {
        int window = config.flag("use_sliding_window", false)
                ? config.count("sliding_window", 4096, Windows.ALL)
                : Windows.ALL;
        int first = config.countOrZero("max_window_layers", 28);
        List<Boolean> slides = LayerTypes.slides(config, layers, i -> i >= first);
        return LayerTypes.windows(config, slides, window, "\"use_sliding_window\" and \"sliding_window\"");
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        return LlamaTensors.weights(architecture, source);
    }

    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith("rotary_emb.inv_freq");
    }
}
