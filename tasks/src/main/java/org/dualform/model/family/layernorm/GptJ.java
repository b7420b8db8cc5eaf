package org.dualform.model.family.layernorm;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.family.file.Tensors;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;

/** GPT-J: both parts of a block read one norm, pairs of neighbouring dimensions are rotated, and the head has a bias. */
public final class GptJ implements Family {
    @Override
    public String name() {
        return "gptj";
    }

    @Override
    public Map<String, String> aliases() {
        return Map.of(
                "hidden_size",
                "n_embd",
                "max_position_embeddings",
                "n_positions",
                "num_attention_heads",
                "n_head",
                "num_hidden_layers",
                "n_layer");
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("n_embd", 4096);
        int heads = config.count("n_head", 16);
        int headDim = config.fixedHeadDim("n_embd", width, "n_head", heads);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 50400),
                                width,
                                config.layers("n_layer", 28),
                                heads,
                                heads,
                                headDim,
                                config.count("n_inner", 4 * width, 4 * width),
                                config.count("n_positions", 2048)),
                        new Norm.Layer((float) config.positive("layer_norm_epsilon", 1e-5)),
                        RotaryConfig.neighbours(config, "rotary_dim", 64, headDim),
                        config.activation("activation_function", "gelu_new"),
                        Architecture.Scaling.PLAIN,
                        new Architecture.Biases(false, false, true),
                        config.flag("tie_word_embeddings", false))
                .withResidual(Residual.PARALLEL);
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        Architecture.Sizes s = architecture.sizes();
        Tensors tensors = new Tensors(source);
        String top = source.stores("wte.weight") ? "" : "transformer.";
        NDArray tokens = tensors.array(top + "wte.weight", s.vocabulary(), s.width()); // (V, d)
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < s.layers(); i++) layers.add(layer(s, tensors, top + "h." + i + "."));
        Norm.Scale end = tensors.scale(top + "ln_f", s.width(), true);
        return new Weights(tokens, null, List.copyOf(layers), end, tensors.head("lm_head", tokens, architecture, true));
    }

    private static LayerWeights layer(Architecture.Sizes s, Tensors tensors, String at) {
        return new LayerWeights(
                tensors.scale(at + "ln_1", s.width(), true),
                tensors.linear(at + "attn.q_proj", s.width(), s.width(), false),
                tensors.linear(at + "attn.k_proj", s.width(), s.width(), false),
                tensors.linear(at + "attn.v_proj", s.width(), s.width(), false),
                tensors.linear(at + "attn.out_proj", s.width(), s.width(), false),
                null,
                null,
                null,
                new FeedForward(
                        null,
                        tensors.linear(at + "mlp.fc_in", s.width(), s.feedForward(), true),
                        tensors.linear(at + "mlp.fc_out", s.feedForward(), s.width(), true)));
    }

    /** Ignores the causal mask, and the value it masks with, which the hub's files contain as tensors. */
    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith(".attn.bias") || tensor.endsWith(".attn.masked_bias");
    }
}
