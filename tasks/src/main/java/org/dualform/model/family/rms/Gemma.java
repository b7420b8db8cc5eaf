package org.dualform.model.family.rms;

import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Weights;
import org.dualform.model.part.function.Activation;

/** Gemma 1: Llama with scaled embeddings, wide heads, the tanh form of GELU, and norms that multiply by 1 + w. */
public final class Gemma implements Family {
    @Override
    public String name() {
        return "gemma";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 3072);
        int heads = config.count("num_attention_heads", 16);
        int headDim = config.count("head_dim", 256);
        int positions = config.count("max_position_embeddings", 8192);
        boolean attentionBias = config.flag("attention_bias", false);
        config.refuse("use_bidirectional_attention");
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 256000),
                                width,
                                config.layers("num_hidden_layers", 28),
                                heads,
                                config.kvHeads(heads, 16),
                                headDim,
                                config.count("intermediate_size", 24576),
                                positions),
                        new Norm.Rms((float) config.positive("rms_norm_eps", 1e-6)),
                        RotaryConfig.whole(config, headDim, positions),
                        activation(config),
                        Architecture.Scaling.PLAIN,
                        new Architecture.Biases(attentionBias, attentionBias, false),
                        config.flag("tie_word_embeddings", true))
                .withEmbeddingScale((float) Math.sqrt(width));
    }

    /**
     * The activation. Gemma was trained with the tanh form; its first configuration files say "gelu" and mean that
     * form.
     */
    private static Activation activation(ModelConfig config) {
        String key = config.node("hidden_activation").isTextual() ? "hidden_activation" : "hidden_act";
        Activation named = config.activation(key, "gelu_pytorch_tanh");
        return named == Activation.GELU ? Activation.GELU_TANH : named;
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        return LlamaTensors.weights(architecture, source, w -> w.add(1));
    }

    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith("rotary_emb.inv_freq");
    }
}
