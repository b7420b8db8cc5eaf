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

/** Phi 1 to 2: attention and feed-forward part read one norm, heads are rotated in part, and the head has a bias. */
public final class Phi implements Family {
    @Override
    public String name() {
        return "phi";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 2048);
        int heads = config.count("num_attention_heads", 32);
        int headDim = config.namedHeadDim("hidden_size", width, "num_attention_heads", heads);
        int positions = config.count("max_position_embeddings", 2048);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 51200),
                                width,
                                config.layers("num_hidden_layers", 24),
                                heads,
                                config.kvHeads(heads, heads),
                                headDim,
                                config.count("intermediate_size", 8192),
                                positions),
                        new Norm.Layer((float) config.positive("layer_norm_eps", 1e-5)),
                        RotaryConfig.partial(
                                config,
                                headDim,
                                positions,
                                new RotaryConfig.Keys("rope_theta", "partial_rotary_factor"),
                                0.5),
                        config.activation("hidden_act", "gelu_new"),
                        Architecture.Scaling.PLAIN,
                        Architecture.Biases.all(true),
                        config.flag("tie_word_embeddings", false))
                .withResidual(Residual.PARALLEL)
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
        Norm.Scale end = tensors.scale(top + "final_layernorm", s.width(), true);
        return new Weights(tokens, null, List.copyOf(layers), end, tensors.head("lm_head", tokens, architecture, true));
    }

    private static LayerWeights layer(Architecture architecture, Tensors tensors, String at) {
        Architecture.Sizes s = architecture.sizes();
        boolean normed = architecture.queryKeyNorm() != QueryKeyNorm.NONE;
        return new LayerWeights(
                tensors.scale(at + "input_layernorm", s.width(), true),
                tensors.linear(at + "self_attn.q_proj", s.width(), s.queryWidth(), true),
                tensors.linear(at + "self_attn.k_proj", s.width(), s.kvWidth(), true),
                tensors.linear(at + "self_attn.v_proj", s.width(), s.kvWidth(), true),
                tensors.linear(at + "self_attn.dense", s.queryWidth(), s.width(), true),
                normed ? tensors.scale(at + "self_attn.q_layernorm", s.headDim(), true) : null,
                normed ? tensors.scale(at + "self_attn.k_layernorm", s.headDim(), true) : null,
                null,
                new FeedForward(
                        null,
                        tensors.linear(at + "mlp.fc1", s.width(), s.feedForward(), true),
                        tensors.linear(at + "mlp.fc2", s.feedForward(), s.width(), true)));
    }

    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith("rotary_emb.inv_freq");
    }
}
