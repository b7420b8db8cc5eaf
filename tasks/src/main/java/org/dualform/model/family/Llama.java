package org.dualform.model.family;

import java.util.ArrayList;
import java.util.List;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Weights;

/** Llama 1 to 3: RMS norm, rotary positions, gated feed-forward, grouped heads. */
final class Llama implements Family {
    @Override
    public String name() {
        return "llama";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 4096);
        int heads = config.count("num_attention_heads", 32);
        int kvHeads = config.count("num_key_value_heads", heads, heads);
        int headDim = config.count("head_dim", Math.max(1, width / heads), Math.max(1, width / heads));
        int positions = config.count("max_position_embeddings", 2048);
        if (heads % kvHeads != 0) {
            config.mistake("\"num_attention_heads\" (" + heads + ") must be a multiple of \"num_key_value_heads\" ("
                    + kvHeads + ").");
        }
        Architecture.Sizes sizes = new Architecture.Sizes(
                config.count("vocab_size", 32000),
                width,
                config.count("num_hidden_layers", 32),
                heads,
                kvHeads,
                headDim,
                config.count("intermediate_size", 11008),
                positions);
        return new Architecture(
                name(),
                sizes,
                new Norm.Rms((float) config.positive("rms_norm_eps", 1e-6)),
                RotaryConfig.read(config, headDim, "rope_theta", positions),
                config.activation("hidden_act", "silu"),
                new Architecture.Scaling(true, false),
                new Architecture.Biases(config.flag("attention_bias", false), config.flag("mlp_bias", false)),
                config.flag("tie_word_embeddings", false));
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        Architecture.Sizes s = architecture.sizes();
        Tensors tensors = new Tensors(source);
        String top = source.stores("embed_tokens.weight") ? "" : "model.";
        var tokens = tensors.array(top + "embed_tokens.weight", s.vocabulary(), s.width()); // (V, d)
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < s.layers(); i++) layers.add(layer(architecture, tensors, top + "layers." + i + "."));
        Norm.Scale end = tensors.scale(top + "norm", s.width(), false);
        Linear head = tensors.head("lm_head", tokens, architecture);
        return new Weights(tokens, null, List.copyOf(layers), end, head);
    }

    private static LayerWeights layer(Architecture architecture, Tensors tensors, String at) {
        Architecture.Sizes s = architecture.sizes();
        boolean attentionBias = architecture.biases().attention();
        boolean mlpBias = architecture.biases().feedForward();
        return new LayerWeights(
                tensors.scale(at + "input_layernorm", s.width(), false),
                tensors.linear(at + "self_attn.q_proj", s.width(), s.queryWidth(), attentionBias),
                tensors.linear(at + "self_attn.k_proj", s.width(), s.kvWidth(), attentionBias),
                tensors.linear(at + "self_attn.v_proj", s.width(), s.kvWidth(), attentionBias),
                tensors.linear(at + "self_attn.o_proj", s.queryWidth(), s.width(), attentionBias),
                null,
                null,
                tensors.scale(at + "post_attention_layernorm", s.width(), false),
                new FeedForward(
                        tensors.linear(at + "mlp.gate_proj", s.width(), s.feedForward(), mlpBias),
                        tensors.linear(at + "mlp.up_proj", s.width(), s.feedForward(), mlpBias),
                        tensors.linear(at + "mlp.down_proj", s.feedForward(), s.width(), mlpBias)));
    }

    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith("rotary_emb.inv_freq");
    }
}
