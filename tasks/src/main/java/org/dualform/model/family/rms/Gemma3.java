package org.dualform.model.family.rms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.LayerTypes;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;
import org.dualform.model.part.function.Rotaries;
import org.dualform.model.part.function.Rotary;

/**
 * Gemma 3, the text models: Gemma 2 without a cap on scores, with normed queries and keys, and with five layers of six
 * that have a window and rotary positions of their own.
 */
public final class Gemma3 implements Family {
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";
    private static final int USUAL_PATTERN = 6;
    private static final double FULL_BASE = 1e6;
    private static final double SLIDING_BASE = 1e4;

    @Override
    public String name() {
        return "gemma3_text";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 2304);
        int heads = config.count("num_attention_heads", 8);
        int layers = config.layers("num_hidden_layers", 26);
        int headDim = config.count("head_dim", 256);
        int positions = config.count("max_position_embeddings", 131072);
        boolean attentionBias = config.flag("attention_bias", false);
        config.refuse("use_bidirectional_attention");
        int pattern = config.count("sliding_window_pattern", USUAL_PATTERN);
        List<Boolean> slides = LayerTypes.slides(config, layers, i -> (i + 1) % pattern != 0);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 262208),
                                width,
                                layers,
                                heads,
                                config.statedKvHeads(heads, 4),
                                headDim,
                                config.count("intermediate_size", 9216),
                                positions),
                        new Norm.Rms((float) config.positive("rms_norm_eps", 1e-6)),
                        null,
                        config.activation("hidden_activation", "gelu_pytorch_tanh"),
                        Gemma2.scaling(config, null),
                        new Architecture.Biases(attentionBias, attentionBias, false),
                        config.flag("tie_word_embeddings", true))
                .withEmbeddingScale(Math.sqrt(width))
                .withResidual(Residual.SANDWICH_NORM)
                .withQueryKeyNorm(true)
                .withRotaries(rotaries(config, headDim, positions, slides))
                .withWindows(Gemma2.windows(config, slides))
                .withLogitCap(Gemma2.cap(config, "final_logit_softcapping"));
    }

    /** The rotary positions of each layer: those of layers with a window have a smaller base, and are not scaled. */
    private static Rotaries rotaries(ModelConfig config, int headDim, int positions, List<Boolean> slides) {
        Rotary full =
                RotaryConfig.whole(config, fullScaling(config), headDim, positions, RotaryConfig.Keys.usual(FULL_BASE));
        Rotary sliding = RotaryConfig.whole(
                config,
                config.node("rope_parameters").path(SLIDING),
                headDim,
                positions,
                new RotaryConfig.Keys("rope_local_base_freq", "partial_rotary_factor", SLIDING_BASE));
        return new Rotaries(slides.stream().map(each -> each ? sliding : full).toList(), null);
    }

    /** The object that scales the layers without a window: of the newer style, with what the older one adds. */
    private static JsonNode fullScaling(ModelConfig config) {
        JsonNode newer = config.node("rope_parameters").path(FULL);
        JsonNode older = config.node("rope_scaling");
        if (older.isMissingNode() || older.isNull()) return newer;
        if (!(older instanceof ObjectNode scaling)) return older;
        if (scaling.has("type") && !scaling.has("rope_type")) {
            config.mistake("\"rope_scaling\" names its type by \"type\" alone, which transformers passes over in this"
                    + " family, so that the model would run unscaled: call it \"rope_type\", or remove the object.");
        }
        ObjectNode both = newer instanceof ObjectNode object
                ? object.deepCopy()
                : Json.mapper().createObjectNode();
        both.setAll(scaling);
        return both;
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
