package org.dualform.model.family;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.family.file.Tensors;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Positions;
import org.dualform.model.part.Weights;
import org.dualform.model.part.Windows;

/**
 * GPT-Neo: GPT-2 with separate projections, unscaled scores, and layers that alternate between global and local
 * attention.
 */
final class GptNeo implements Family {
    @Override
    public String name() {
        return "gpt_neo";
    }

    @Override
    public Map<String, String> aliases() {
        return Map.of("num_attention_heads", "num_heads", "num_hidden_layers", "num_layers");
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 2048);
        int heads = config.count("num_heads", 16);
        int layers = config.layers("num_layers", 24);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 50257),
                                width,
                                layers,
                                heads,
                                heads,
                                config.headDim("hidden_size", width, "num_heads", heads),
                                config.count("intermediate_size", 4 * width, 4 * width),
                                config.count("max_position_embeddings", 2048)),
                        new Norm.Layer((float) config.positive("layer_norm_epsilon", 1e-5)),
                        null,
                        config.activation("activation_function", "gelu_new"),
                        new Architecture.Scaling(false, false),
                        new Architecture.Biases(false, true, true),
                        config.flag("tie_word_embeddings", true))
                .withWindows(windows(config, layers));
    }

    /**
     * The windows of all layers: those of {@code attention_layers}, which names the kind of each, or else of {@code
     * attention_types}.
     */
    private static Windows windows(ModelConfig config, int layers) {
        int window = config.count("window_size", 256);
        JsonNode kinds = config.node("attention_layers");
        if (!kinds.isArray()) return windowsByTypes(config, layers, window);
        List<Integer> byLayer = new ArrayList<>();
        for (JsonNode kind : kinds) byLayer.add(window(config, "attention_layers", kind, window));
        if (byLayer.size() == layers) return new Windows(byLayer);
        config.mistake(
                "\"attention_layers\" names " + byLayer.size() + " layers of the " + layers + " of \"num_layers\".");
        return Windows.UNLIMITED;
    }

    private static int window(ModelConfig config, String key, JsonNode kind, int window) {
        if (!kind.asText().equals("global") && !kind.asText().equals("local")) {
            config.mistake("\"" + key + "\" names " + kind + "; supported are global and local.");
        }
        return kind.asText().equals("local") ? window : Windows.ALL;
    }

    /**
     * {@code attention_types} is a list of [kinds of layers, how often]; the default is [["global", "local"], 12].
     */
    private static Windows windowsByTypes(ModelConfig config, int layers, int window) {
        List<Integer> byLayer = new ArrayList<>();
        JsonNode types = config.node("attention_types");
        if (types.isMissingNode() || types.isNull()) {
            for (int i = 0; i < 24; i++) byLayer.add(i % 2 == 0 ? Windows.ALL : window);
        }
        for (JsonNode type : types) {
            for (int i = 0; i < type.path(1).asInt() && byLayer.size() <= layers; i++) {
                for (JsonNode kind : type.path(0)) byLayer.add(window(config, "attention_types", kind, window));
            }
        }
        if (byLayer.size() == layers) return new Windows(byLayer);
        config.mistake("\"attention_types\" (by default global and local in turn, 24 layers) must describe the "
                + layers + " layers of \"num_layers\".");
        return Windows.UNLIMITED;
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        Architecture.Sizes s = architecture.sizes();
        Tensors tensors = new Tensors(source);
        String top = source.stores("wte.weight") ? "" : "transformer.";
        NDArray tokens = tensors.array(top + "wte.weight", s.vocabulary(), s.width()); // (V, d)
        Positions positions = tensors.positions(top + "wpe.weight", s); // (P, d)
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < s.layers(); i++) layers.add(layer(s, tensors, top + "h." + i + "."));
        Norm.Scale end = tensors.scale(top + "ln_f", s.width(), true);
        return new Weights(
                tokens, positions, List.copyOf(layers), end, tensors.head("lm_head", tokens, architecture, false));
    }

    private static LayerWeights layer(Architecture.Sizes s, Tensors tensors, String at) {
        String attention = at + "attn.attention.";
        return new LayerWeights(
                tensors.scale(at + "ln_1", s.width(), true),
                tensors.linear(attention + "q_proj", s.width(), s.width(), false),
                tensors.linear(attention + "k_proj", s.width(), s.width(), false),
                tensors.linear(attention + "v_proj", s.width(), s.width(), false),
                tensors.linear(attention + "out_proj", s.width(), s.width(), true),
                null,
                null,
                tensors.scale(at + "ln_2", s.width(), true),
                new FeedForward(
                        null,
                        tensors.linear(at + "mlp.c_fc", s.width(), s.feedForward(), true),
                        tensors.linear(at + "mlp.c_proj", s.feedForward(), s.width(), true)));
    }

    /** Ignores the causal mask, and the value it masks with, which old files contain as tensors. */
    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith(".attn.attention.bias") || tensor.endsWith(".attn.attention.masked_bias");
    }
}
