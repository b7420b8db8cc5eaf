package org.dualform.model.family.rms;

import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Weights;

/** Granite 3: Llama with four constant factors, on embeddings, scores, what each part adds, and logits. */
public final class Granite implements Family {
    @Override
    public String name() {
        return "granite";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 4096);
        int heads = config.count("num_attention_heads", 32);
        int headDim = config.statedHeadDim(width, heads);
        int positions = config.count("max_position_embeddings", 2048);
        boolean attentionBias = config.flag("attention_bias", false);
        double scores = config.positive("attention_multiplier", 1);
        double residual = config.positive("residual_multiplier", 1);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 32000),
                                width,
                                config.layers("num_hidden_layers", 32),
                                heads,
                                config.kvHeads(heads, heads),
                                headDim,
                                config.count("intermediate_size", 11008),
                                positions),
                        new Norm.Rms((float) config.positive("rms_norm_eps", 1e-6)),
                        RotaryConfig.whole(config, headDim, positions),
                        config.activation("hidden_act", "silu"),
                        new Architecture.Scaling(false, false, scores, null, residual),
                        new Architecture.Biases(attentionBias, attentionBias, config.flag("mlp_bias", false)),
                        config.flag("tie_word_embeddings", false))
                .withEmbeddingScale(config.positive("embedding_multiplier", 1))
                .withLogitScale(1 / config.positive("logits_scaling", 1));
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
