package org.dualform.model.family.rms;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.LayerTypes;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Weights;
import org.dualform.model.part.Windows;
import org.dualform.model.part.function.Rotaries;
import org.dualform.model.part.function.Rotary;

/** SmolLM 3: Llama with some layers that have no positions, and may have a window. */
public final class SmolLm3 implements Family {
    private static final String ROTATED = "no_rope_layers";

    @Override
    public String name() {
        return "smollm3";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 2048);
        int heads = config.count("num_attention_heads", 16);
        int layers = config.layers("num_hidden_layers", 36);
        int headDim = config.statedHeadDim(width, heads);
        int positions = config.count("max_position_embeddings", 32768);
        boolean attentionBias = config.flag("attention_bias", false);
        List<Boolean> rotated = rotated(config, layers);
        Rotary rotary = RotaryConfig.whole(config, headDim, positions, RotaryConfig.Keys.usual(2e6));
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 128256),
                                width,
                                layers,
                                heads,
                                config.kvHeads(heads, 4),
                                headDim,
                                config.count("intermediate_size", 11008),
                                positions),
                        new Norm.Rms((float) config.positive("rms_norm_eps", 1e-6)),
                        null,
                        config.activation("hidden_act", "silu"),
                        Architecture.Scaling.PLAIN,
                        new Architecture.Biases(attentionBias, attentionBias, config.flag("mlp_bias", false)),
                        config.flag("tie_word_embeddings", true))
                .withRotaries(new Rotaries(
                        rotated.stream()
                                .map(each -> each ? rotary : Rotary.NONE)
                                .toList(),
                        null))
                .withWindows(windows(config, rotated));
    }

    /** Whether each layer has rotary positions: 1 in the list whose name says the contrary, or else by interval. */
    private static List<Boolean> rotated(ModelConfig config, int layers) {
        int interval = config.count("no_rope_layer_interval", 4);
        JsonNode named = config.node(ROTATED);
        List<Boolean> rotated = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            rotated.add(named.isArray() ? named.path(i).asInt() == 1 : (i + 1) % interval != 0);
        }
        boolean listed = named.isMissingNode() || named.isNull() || (named.isArray() && named.size() >= layers);
        for (JsonNode each : named) listed &= each.isInt() && (each.intValue() == 0 || each.intValue() == 1);
        if (!listed) {
            config.mistake("\"" + ROTATED + "\" must be a list of 1 (with rotary positions) and 0 (without), one for"
                    + " each of " + layers + " layers, but is " + Json.write(named) + ".");
        }
        return rotated;
    }

    private static Windows windows(ModelConfig config, List<Boolean> rotated) {
        int window = config.count("sliding_window", Windows.ALL, Windows.ALL);
        boolean used = config.flag("use_sliding_window", false);
        List<Boolean> slides = LayerTypes.slides(config, rotated.size(), i -> used && !rotated.get(i));
        return LayerTypes.windows(config, slides, window, "\"sliding_window\"");
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
