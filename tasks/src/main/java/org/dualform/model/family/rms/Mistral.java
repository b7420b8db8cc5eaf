package org.dualform.model.family.rms;

import java.util.Collections;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Weights;
import org.dualform.model.part.Windows;

/** Mistral 7B: Llama with other defaults, and with a sliding window in all layers or in none. */
public final class Mistral implements Family {
    @Override
    public String name() {
        return "mistral";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 4096);
        int heads = config.count("num_attention_heads", 32);
        int layers = config.layers("num_hidden_layers", 32);
        int each = Math.max(1, width / heads);
        int headDim = config.count("head_dim", each, each);
        int positions = config.count("max_position_embeddings", 131072);
        int window = config.count("sliding_window", 4096, Windows.ALL);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 32000),
                                width,
                                layers,
                                heads,
                                config.kvHeads(heads, 8),
                                headDim,
                                config.count("intermediate_size", 14336),
                                positions),
                        new Norm.Rms((float) config.positive("rms_norm_eps", 1e-6)),
                        RotaryConfig.whole(config, headDim, positions),
                        config.activation("hidden_act", "silu"),
                        Architecture.Scaling.PLAIN,
                        Architecture.Biases.all(false),
                        config.flag("tie_word_embeddings", false))
                .withWindows(new Windows(Collections.nCopies(layers, window)));
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
