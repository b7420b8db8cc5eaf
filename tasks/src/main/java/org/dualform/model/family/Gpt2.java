package org.dualform.model.family;

import ai.djl.ndarray.NDArray;
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
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Positions;
import org.dualform.model.part.Weights;

/**
 * GPT-2: layer norm, learned positions, and one fused projection for queries, keys and values that is stored as (in,
 * out).
 */
final class Gpt2 implements Family {
    @Override
    public String name() {
        return "gpt2";
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
        int width = config.count("n_embd", 768);
        int heads = config.count("n_head", 12);
        return Architecture.plain(
                name(),
                new Architecture.Sizes(
                        config.count("vocab_size", 50257),
                        width,
                        config.layers("n_layer", 12),
                        heads,
                        heads,
                        config.headDim("n_embd", width, "n_head", heads),
                        config.count("n_inner", 4 * width, 4 * width),
                        config.count("n_positions", 1024)),
                new Norm.Layer((float) config.positive("layer_norm_epsilon", 1e-5)),
                null,
                config.activation("activation_function", "gelu_new"),
                new Architecture.Scaling(
                        config.flag("scale_attn_weights", true), config.flag("scale_attn_by_inverse_layer_idx", false)),
                Architecture.Biases.all(true),
                config.flag("tie_word_embeddings", true));
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
        Linear head = tensors.head("lm_head", tokens, architecture, false);
        return new Weights(tokens, positions, List.copyOf(layers), end, head);
    }

    private static LayerWeights layer(Architecture.Sizes s, Tensors tensors, String at) {
        Linear fused = transposed(tensors, at + "attn.c_attn", s.width(), 3L * s.width()); // d → q | k | v
        return new LayerWeights(
                tensors.scale(at + "ln_1", s.width(), true),
                third(fused, 0),
                third(fused, 1),
                third(fused, 2),
                transposed(tensors, at + "attn.c_proj", s.width(), s.width()),
                null,
                null,
                tensors.scale(at + "ln_2", s.width(), true),
                new FeedForward(
                        null,
                        transposed(tensors, at + "mlp.c_fc", s.width(), s.feedForward()),
                        transposed(tensors, at + "mlp.c_proj", s.feedForward(), s.width())));
    }

    /** A weight that is stored as (in, out), seen as (out, in) without a copy. */
    private static Linear transposed(Tensors tensors, String name, long in, long out) {
        return new Linear(
                tensors.array(name + ".weight", in, out).transpose(), // (out, in)
                tensors.array(name + ".bias", out));
    }

    private static Linear third(Linear fused, int i) {
        NDArray bias = fused.bias();
        return new Linear(
                fused.weight().split(3, 0).get(i), // (d, d)
                bias == null ? null : bias.split(3, 0).get(i)); // (d)
    }

    /** Ignores the causal mask, and the value it masks with, which the hub's files contain as tensors. */
    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith(".attn.bias") || tensor.endsWith(".attn.masked_bias");
    }
}
