package org.dualform.model.family.rms;

import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.model.part.QueryKeyNorm;
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;

/** OLMo 2: Llama with norms behind each part of a block and none before it, and with normed queries and keys. */
public final class Olmo2 implements Family {
    @Override
    public String name() {
        return "olmo2";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 4096);
        int heads = config.count("num_attention_heads", 32);
        int headDim = config.statedHeadDim(width, heads);
        int positions = config.count("max_position_embeddings", 2048);
        boolean attentionBias = config.flag("attention_bias", false);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 50304),
                                width,
                                config.layers("num_hidden_layers", 32),
                                heads,
                                config.kvHeads(heads, heads),
                                headDim,
                                config.count("intermediate_size", 11008),
                                positions),
                        new Norm.Rms((float) config.positive("rms_norm_eps", 1e-5)),
                        RotaryConfig.whole(config, headDim, positions),
                        config.activation("hidden_act", "silu"),
                        Architecture.Scaling.PLAIN,
                        new Architecture.Biases(attentionBias, attentionBias, false),
                        config.flag("tie_word_embeddings", false))
                .withResidual(Residual.OUTPUT_NORM)
                .withQueryKeyNorm(QueryKeyNorm.WHOLE);
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
