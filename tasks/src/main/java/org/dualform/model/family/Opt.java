package org.dualform.model.family;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
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
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;

/**
 * OPT: learned positions from row 2 on. The 350M model has its norms after each part, and an embedding narrower than
 * its blocks.
 */
final class Opt implements Family {
    @Override
    public String name() {
        return "opt";
    }

    private static final float EPSILON = 1e-5f;
    private static final int FIRST_POSITION = 2;

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 768);
        int heads = config.count("num_attention_heads", 12);
        boolean before = config.flag("do_layer_norm_before", true);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 50272),
                                width,
                                config.layers("num_hidden_layers", 12),
                                heads,
                                heads,
                                config.headDim("hidden_size", width, "num_attention_heads", heads),
                                config.count("ffn_dim", 3072),
                                config.count("max_position_embeddings", 2048),
                                config.count("word_embed_proj_dim", width, width)),
                        new Norm.Layer(EPSILON, config.flag("layer_norm_elementwise_affine", true)),
                        null,
                        config.activation("activation_function", "relu"),
                        Architecture.Scaling.PLAIN,
                        Architecture.Biases.all(config.flag("enable_bias", true)),
                        config.flag("tie_word_embeddings", true))
                .withResidual(before ? Residual.PRE_NORM : Residual.POST_NORM)
                .withFinalNorm(before && !config.flag("_remove_final_layer_norm", false));
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        Architecture.Sizes s = architecture.sizes();
        Tensors tensors = new Tensors(source);
        String top = source.stores("decoder.embed_tokens.weight") ? "decoder." : "model.decoder.";
        boolean narrow = s.embedding() != s.width();
        NDArray tokens = tensors.array(top + "embed_tokens.weight", s.vocabulary(), s.embedding()); // (V, e)
        NDArray table = tensors.array(top + "embed_positions.weight", FIRST_POSITION + s.positions(), s.width());
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < s.layers(); i++) layers.add(layer(architecture, tensors, top + "layers." + i + "."));
        boolean norm = architecture.ends().norm();
        return new Weights(
                tokens,
                narrow ? tensors.linear(top + "project_in", s.embedding(), s.width(), false) : null,
                new Positions(table.get("{}:", FIRST_POSITION), true), // (P, d)
                List.copyOf(layers),
                norm ? tensors.layerNorm(top + "final_layer_norm", s.width(), architecture.norm()) : null,
                narrow ? tensors.linear(top + "project_out", s.width(), s.embedding(), false) : null,
                tensors.head("lm_head", tokens, architecture, false));
    }

    private static LayerWeights layer(Architecture architecture, Tensors tensors, String at) {
        Architecture.Sizes s = architecture.sizes();
        return new LayerWeights(
                tensors.layerNorm(at + "self_attn_layer_norm", s.width(), architecture.norm()),
                linear(architecture, tensors, at + "self_attn.q_proj", s.width(), s.width()),
                linear(architecture, tensors, at + "self_attn.k_proj", s.width(), s.width()),
                linear(architecture, tensors, at + "self_attn.v_proj", s.width(), s.width()),
                linear(architecture, tensors, at + "self_attn.out_proj", s.width(), s.width()),
                null,
                null,
                tensors.layerNorm(at + "final_layer_norm", s.width(), architecture.norm()),
                new FeedForward(
                        null,
                        linear(architecture, tensors, at + "fc1", s.width(), s.feedForward()),
                        linear(architecture, tensors, at + "fc2", s.feedForward(), s.width())));
    }

    private static Linear linear(Architecture architecture, Tensors tensors, String name, int in, int out) {
        return tensors.linear(name, in, out, architecture.biases().feedForward());
    }
}
