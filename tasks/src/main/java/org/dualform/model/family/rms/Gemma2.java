package org.dualform.model.family.rms;

import java.util.List;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.LayerTypes;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;
import org.dualform.model.part.Windows;
import org.dualform.model.part.function.SoftCap;
import org.jspecify.annotations.Nullable;

/**
 * Gemma 2: Gemma with norms around each part of a block, soft caps on scores and logits, a scale of scores that the
 * configuration names, and a window in every other layer.
 */
public final class Gemma2 implements Family {
    @Override
    public String name() {
        return "gemma2";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 2304);
        int heads = config.count("num_attention_heads", 8);
        int layers = config.layers("num_hidden_layers", 26);
        int headDim = config.count("head_dim", 256);
        int positions = config.count("max_position_embeddings", 8192);
        boolean attentionBias = config.flag("attention_bias", false);
        config.refuse("use_bidirectional_attention");
        List<Boolean> slides = LayerTypes.slides(config, layers, i -> i % 2 == 0);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 256000),
                                width,
                                layers,
                                heads,
                                config.statedKvHeads(heads, 4),
                                headDim,
                                config.count("intermediate_size", 9216),
                                positions),
                        new Norm.Rms((float) config.positive("rms_norm_eps", 1e-6)),
                        RotaryConfig.whole(config, headDim, positions),
                        config.activation("hidden_activation", "gelu_pytorch_tanh"),
                        scaling(config, capOr(config, "attn_logit_softcapping", 50)),
                        new Architecture.Biases(attentionBias, attentionBias, false),
                        config.flag("tie_word_embeddings", true))
                .withEmbeddingScale(Math.sqrt(width))
                .withResidual(Residual.SANDWICH_NORM)
                .withWindows(windows(config, slides))
                .withLogitCap(capOr(config, "final_logit_softcapping", 30));
    }

    /** Scores divided by the root of {@code query_pre_attn_scalar}, whatever the width of a head. */
    static Architecture.Scaling scaling(ModelConfig config, @Nullable SoftCap cap) {
        double divisor = Math.sqrt(config.positive("query_pre_attn_scalar", 256));
        return new Architecture.Scaling(false, false, 1 / divisor, cap, 1);
    }

    static Windows windows(ModelConfig config, List<Boolean> slides) {
        return LayerTypes.windows(config, slides, config.count("sliding_window", 4096), "\"sliding_window\"");
    }

    /** The soft cap that {@code key} names; null there stands for none, and so does no key. */
    static @Nullable SoftCap cap(ModelConfig config, String key) {
        return config.node(key).isMissingNode() ? null : capOr(config, key, 1);
    }

    /** As {@link #cap}, where no key stands for {@code whenAbsent}. */
    private static @Nullable SoftCap capOr(ModelConfig config, String key, double whenAbsent) {
        return config.node(key).isNull() ? null : new SoftCap(config.positive(key, whenAbsent));
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
