package org.dualform.model.family.layernorm;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.FusedHeads;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.family.file.Tensors;
import org.dualform.model.part.Alibi;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;
import org.dualform.model.part.function.Activation;

/**
 * BLOOM: no positions but what ALiBi adds to the scores, a norm before the first block, and projections that are fused
 * head by head.
 */
public final class Bloom implements Family {
    @Override
    public String name() {
        return "bloom";
    }

    @Override
    public Map<String, String> aliases() {
        return Map.of("num_attention_heads", "n_head", "num_hidden_layers", "n_layer");
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        JsonNode older = config.node("n_embed");
        String widthKey = older.isMissingNode() || older.isNull() ? "hidden_size" : "n_embed";
        int width = config.count(widthKey, 64);
        int heads = config.count("n_head", 8);
        refuseDroppedBiases(config);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 250880),
                                width,
                                config.layers("n_layer", 2),
                                heads,
                                heads,
                                config.fixedHeadDim(widthKey, width, "n_head", heads),
                                4 * width,
                                Architecture.Sizes.UNLIMITED),
                        new Norm.Layer((float) config.positive("layer_norm_epsilon", 1e-5)),
                        null,
                        Activation.GELU_TANH,
                        Architecture.Scaling.PLAIN,
                        Architecture.Biases.all(true),
                        config.flag("tie_word_embeddings", true))
                .withResidual(
                        config.flag("apply_residual_connection_post_layernorm", false)
                                ? Residual.NORMED
                                : Residual.PRE_NORM)
                .withAlibi(Alibi.ofHeads(heads));
    }

    /** The class in transformers leaves out two biases if it adds the parts of a sharded product one by one. */
    private static void refuseDroppedBiases(ModelConfig config) {
        if (config.flag("slow_but_exact", false) && config.count("pretraining_tp", 1) > 1) {
            config.mistake("\"slow_but_exact\" is true and \"pretraining_tp\" above 1: transformers then leaves out the"
                    + " biases of dense and dense_4h_to_h. Set \"slow_but_exact\" to false.");
        }
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        Architecture.Sizes s = architecture.sizes();
        Tensors tensors = new Tensors(source);
        String top = source.stores("word_embeddings.weight") ? "" : "transformer.";
        NDArray tokens = tensors.array(top + "word_embeddings.weight", s.vocabulary(), s.width()); // (V, d)
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < s.layers(); i++) layers.add(layer(s, tensors, top + "h." + i + "."));
        Norm.Scale end = tensors.scale(top + "ln_f", s.width(), true);
        return new Weights(tokens, null, List.copyOf(layers), end, tensors.head("lm_head", tokens, architecture, false))
                .withEmbeddingNorm(tensors.scale(top + "word_embeddings_layernorm", s.width(), true));
    }

    private static LayerWeights layer(Architecture.Sizes s, Tensors tensors, String at) {
        FusedHeads fused = FusedHeads.of(
                s, tensors.linear(at + "self_attention.query_key_value", s.width(), 3L * s.width(), true));
        return new LayerWeights(
                tensors.scale(at + "input_layernorm", s.width(), true),
                fused.query(),
                fused.key(),
                fused.value(),
                tensors.linear(at + "self_attention.dense", s.width(), s.width(), true),
                null,
                null,
                tensors.scale(at + "post_attention_layernorm", s.width(), true),
                new FeedForward(
                        null,
                        tensors.linear(at + "mlp.dense_h_to_4h", s.width(), s.feedForward(), true),
                        tensors.linear(at + "mlp.dense_4h_to_h", s.feedForward(), s.width(), true)));
    }
}
