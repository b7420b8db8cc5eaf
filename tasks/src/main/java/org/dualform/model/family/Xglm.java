package org.dualform.model.family;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.family.file.Tensors;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Positions;
import org.dualform.model.part.Weights;

/** XGLM, the dense models of fairseq: scaled embeddings, and sinusoidal positions counted from 2. */
final class Xglm implements Family {
    @Override
    public String name() {
        return "xglm";
    }

    private static final float EPSILON = 1e-5f;
    private static final int FIRST_POSITION = 2;
    private static final int LARGEST_TABLE = 1 << 26;
    private static final int LONGEST_WAVE = 10_000;

    @Override
    public Map<String, String> aliases() {
        return Map.of(
                "hidden_size", "d_model", "num_attention_heads", "attention_heads", "num_hidden_layers", "num_layers");
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("d_model", 1024);
        int heads = config.count("attention_heads", 16);
        if (width < 4) config.mistake("\"d_model\" (" + width + ") must be at least 4.");
        int positions = config.count("max_position_embeddings", 2048);
        if ((long) positions * width > LARGEST_TABLE) {
            config.mistake("\"max_position_embeddings\" (" + positions + ") times \"d_model\" (" + width
                    + ") must be at most " + LARGEST_TABLE + ".");
        }
        OptionalInt pad = config.tokenId("pad_token_id");
        if (pad.isPresent() && pad.getAsInt() >= FIRST_POSITION) {
            config.mistake("\"pad_token_id\" is " + pad.getAsInt() + ": only 0, 1 and null are supported, since the"
                    + " position of that number would be zero.");
        }
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 256008),
                                width,
                                config.layers("num_layers", 24),
                                heads,
                                heads,
                                config.headDim("d_model", width, "attention_heads", heads),
                                config.count("ffn_dim", 4096),
                                positions),
                        new Norm.Layer(EPSILON),
                        null,
                        config.activation("activation_function", "gelu"),
                        Architecture.Scaling.PLAIN,
                        Architecture.Biases.all(true),
                        config.flag("tie_word_embeddings", true))
                .withEmbeddingScale(config.flag("scale_embedding", true) ? Math.sqrt(width) : 1);
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        Architecture.Sizes s = architecture.sizes();
        Tensors tensors = new Tensors(source);
        String top = source.stores("embed_tokens.weight") ? "" : "model.";
        NDArray tokens = tensors.array(top + "embed_tokens.weight", s.vocabulary(), s.width()); // (V, d)
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < s.layers(); i++) layers.add(layer(s, tensors, top + "layers." + i + "."));
        return new Weights(
                tokens,
                new Positions(sinusoids(s, tokens), false), // (P, d)
                List.copyOf(layers),
                tensors.scale(top + "layer_norm", s.width(), true),
                tensors.head("lm_head", tokens, architecture, false));
    }

    /**
     * The table of positions: sines, then cosines, then 0 if the width is odd. It is computed in single precision, as
     * when the models were trained.
     */
    private static NDArray sinusoids(Architecture.Sizes s, NDArray like) {
        int half = s.width() / 2;
        float step = (float) (-Math.log(LONGEST_WAVE) / (half - 1));
        float[] table = new float[Math.multiplyExact(s.positions(), s.width())];
        for (int t = 0; t < s.positions(); t++) {
            for (int i = 0; i < half; i++) {
                float angle = (t + FIRST_POSITION) * (float) Math.exp(i * step);
                table[t * s.width() + i] = (float) Math.sin(angle);
                table[t * s.width() + half + i] = (float) Math.cos(angle);
            }
        }
        return like.getManager()
                .create(table, new Shape(s.positions(), s.width()))
                .toType(like.getDataType(), false); // (P, d)
    }

    private static LayerWeights layer(Architecture.Sizes s, Tensors tensors, String at) {
        return new LayerWeights(
                tensors.scale(at + "self_attn_layer_norm", s.width(), true),
                tensors.linear(at + "self_attn.q_proj", s.width(), s.width(), true),
                tensors.linear(at + "self_attn.k_proj", s.width(), s.width(), true),
                tensors.linear(at + "self_attn.v_proj", s.width(), s.width(), true),
                tensors.linear(at + "self_attn.out_proj", s.width(), s.width(), true),
                null,
                null,
                tensors.scale(at + "final_layer_norm", s.width(), true),
                new FeedForward(
                        null,
                        tensors.linear(at + "fc1", s.width(), s.feedForward(), true),
                        tensors.linear(at + "fc2", s.feedForward(), s.width(), true)));
    }

    /** Ignores the stored table of positions of old files, which is computed here. */
    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith("embed_positions.weights");
    }
}
