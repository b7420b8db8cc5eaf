package org.dualform.model.family.layernorm;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.family.file.Tensors;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Norm;
import org.dualform.model.part.QueryKeyNorm;
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;

/**
 * StableLM 3B to 2 12B: Llama's projections with layer norms, heads that are rotated in part and, in the largest model,
 * queries and keys with a norm for each head, and one norm for both parts of a block.
 */
public final class StableLm implements Family {
    @Override
    public String name() {
        return "stablelm";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 2560);
        int heads = config.count("num_attention_heads", 32);
        int headDim = config.fixedHeadDim("hidden_size", width, "num_attention_heads", heads);
        int positions = config.count("max_position_embeddings", 4096);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 50304),
                                width,
                                config.layers("num_hidden_layers", 32),
                                heads,
                                config.namedKvHeads(heads, 32),
                                headDim,
                                config.count("intermediate_size", 6912),
                                positions),
                        new Norm.Layer((float) config.positive("layer_norm_eps", 1e-5)),
                        RotaryConfig.partial(
                                config,
                                headDim,
                                positions,
                                new RotaryConfig.Keys("rope_theta", "partial_rotary_factor"),
                                0.25),
                        config.activation("hidden_act", "silu"),
                        Architecture.Scaling.PLAIN,
                        new Architecture.Biases(config.flag("use_qkv_bias", false), false, false),
                        config.flag("tie_word_embeddings", false))
                .withResidual(config.flag("use_parallel_residual", false) ? Residual.PARALLEL : Residual.PRE_NORM)
                .withQueryKeyNorm(config.flag("qk_layernorm", false));
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        Architecture.Sizes s = architecture.sizes();
        Tensors tensors = new Tensors(source);
        String top = source.stores("embed_tokens.weight") ? "" : "model.";
        NDArray tokens = tensors.array(top + "embed_tokens.weight", s.vocabulary(), s.width()); // (V, d)
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < s.layers(); i++) layers.add(layer(architecture, tensors, top + "layers." + i + "."));
        Norm.Scale end = tensors.scale(top + "norm", s.width(), true);
        return new Weights(
                tokens, null, List.copyOf(layers), end, tensors.head("lm_head", tokens, architecture, false));
    }

    private static LayerWeights layer(Architecture architecture, Tensors tensors, String at) {
        Architecture.Sizes s = architecture.sizes();
        boolean biased = architecture.biases().queryKeyValue();
        boolean normed = architecture.queryKeyNorm() != QueryKeyNorm.NONE;
        boolean shared = architecture.residual() == Residual.PARALLEL;
        return new LayerWeights(
                tensors.scale(at + "input_layernorm", s.width(), true),
                tensors.linear(at + "self_attn.q_proj", s.width(), s.queryWidth(), biased),
                tensors.linear(at + "self_attn.k_proj", s.width(), s.kvWidth(), biased),
                tensors.linear(at + "self_attn.v_proj", s.width(), s.kvWidth(), biased),
                tensors.linear(at + "self_attn.o_proj", s.queryWidth(), s.width(), false),
                normed ? tensors.headNorms(at + "self_attn.q_layernorm", s.heads(), s.headDim()) : null,
                normed ? tensors.headNorms(at + "self_attn.k_layernorm", s.kvHeads(), s.headDim()) : null,
                shared ? null : tensors.scale(at + "post_attention_layernorm", s.width(), true),
                new FeedForward(
                        tensors.linear(at + "mlp.gate_proj", s.width(), s.feedForward(), false),
                        tensors.linear(at + "mlp.up_proj", s.width(), s.feedForward(), false),
                        tensors.linear(at + "mlp.down_proj", s.feedForward(), s.width(), false)));
    }

    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith("rotary_emb.inv_freq");
    }
}
