package org.dualform.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.model.family.file.Family;
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
record Qwen(String name, boolean third) implements Family {
    static Qwen two() {
        return new Qwen("qwen2", false);
    }

    static Qwen three() {
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
        JsonNode types = config.node("layer_types");
        if (types.isArray() && types.size() != layers) {
            config.mistake("\"layer_types\" names " + types.size() + " layers of " + layers + ".");
            return Windows.UNLIMITED;
        }
        List<Integer> byLayer = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            boolean slides = types.isArray() ? slides(config, types.get(i), window) : i >= first;
            byLayer.add(slides ? window : Windows.ALL);
        }
        return new Windows(byLayer);
    }

    private static boolean slides(ModelConfig config, JsonNode type, int window) {
        switch (type.asText()) {
            case "full_attention" -> {
                return false;
            }
            case "sliding_attention" -> {
                if (window == Windows.ALL) {
                    config.mistake("\"layer_types\" has \"sliding_attention\", but no window is given: set"
                            + " \"use_sliding_window\" and \"sliding_window\".");
                }
                return true;
            }
            default -> {
                config.mistake("\"layer_types\" has " + Json.write(type)
                        + "; supported are full_attention and sliding_attention.");
                return false;
            }
        }
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
