package org.dualform.model.family.layernorm;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Collections;
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
import org.dualform.model.part.Weights;
import org.dualform.model.part.Windows;

/**
 * StarCoder 2: Llama's attention with layer norms and biases, a feed-forward part without a gate, and a sliding window in
 * all layers or in none.
 */
public final class Starcoder2 implements Family {
    @Override
    public String name() {
        return "starcoder2";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 3072);
        int heads = config.count("num_attention_heads", 24);
        int layers = config.layers("num_hidden_layers", 30);
        int headDim = config.namedHeadDim("hidden_size", width, "num_attention_heads", heads);
        int positions = config.count("max_position_embeddings", 4096);
        int window = config.count("sliding_window", Windows.ALL, Windows.ALL);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 49152),
                                width,
                                layers,
                                heads,
                                config.namedKvHeads(heads, 2),
                                headDim,
                                config.count("intermediate_size", 12288),
                                positions),
                        new Norm.Layer((float) config.positive("norm_epsilon", 1e-5)),
                        RotaryConfig.whole(config, headDim, positions),
                        config.activation("hidden_act", "gelu_pytorch_tanh"),
                        Architecture.Scaling.PLAIN,
                        Architecture.Biases.all(config.flag("use_bias", true)),
                        config.flag("tie_word_embeddings", true))
                .withWindows(new Windows(Collections.nCopies(layers, window)));
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
        boolean biased = architecture.biases().feedForward();
        return new LayerWeights(
                tensors.scale(at + "input_layernorm", s.width(), true),
                tensors.linear(at + "self_attn.q_proj", s.width(), s.queryWidth(), biased),
                tensors.linear(at + "self_attn.k_proj", s.width(), s.kvWidth(), biased),
                tensors.linear(at + "self_attn.v_proj", s.width(), s.kvWidth(), biased),
                tensors.linear(at + "self_attn.o_proj", s.queryWidth(), s.width(), biased),
                null,
                null,
                tensors.scale(at + "post_attention_layernorm", s.width(), true),
                new FeedForward(
                        null,
                        tensors.linear(at + "mlp.c_fc", s.width(), s.feedForward(), biased),
                        tensors.linear(at + "mlp.c_proj", s.feedForward(), s.width(), biased)));
    }

    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith("rotary_emb.inv_freq");
    }
}
