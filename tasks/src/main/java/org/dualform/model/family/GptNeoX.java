package org.dualform.model.family;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.RotaryConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.family.file.Tensors;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;

/**
 * GPT-NeoX and Pythia: both parts of a block read its input, heads are rotated in part, and projections are fused head
 * by head.
 */
final class GptNeoX implements Family {
    @Override
    public String name() {
        return "gpt_neox";
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        int width = config.count("hidden_size", 6144);
        int heads = config.count("num_attention_heads", 64);
        int headDim = config.fixedHeadDim("hidden_size", width, "num_attention_heads", heads);
        int positions = config.count("max_position_embeddings", 2048);
        boolean attentionBias = config.flag("attention_bias", true);
        return Architecture.plain(
                        name(),
                        new Architecture.Sizes(
                                config.count("vocab_size", 50432),
                                width,
                                config.layers("num_hidden_layers", 44),
                                heads,
                                heads,
                                headDim,
                                config.count("intermediate_size", 24576),
                                positions),
                        new Norm.Layer((float) config.positive("layer_norm_eps", 1e-5)),
                        RotaryConfig.partial(
                                config,
                                headDim,
                                positions,
                                new RotaryConfig.Keys("rotary_emb_base", "rotary_pct"),
                                0.25),
                        config.activation("hidden_act", "gelu"),
                        Architecture.Scaling.PLAIN,
                        new Architecture.Biases(attentionBias, attentionBias, true),
                        config.flag("tie_word_embeddings", false))
                .withResidual(config.flag("use_parallel_residual", true) ? Residual.PARALLEL : Residual.PRE_NORM);
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        Architecture.Sizes s = architecture.sizes();
        Tensors tensors = new Tensors(source);
        String top = source.stores("embed_in.weight") ? "" : "gpt_neox.";
        NDArray tokens = tensors.array(top + "embed_in.weight", s.vocabulary(), s.width()); // (V, d)
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < s.layers(); i++) layers.add(layer(architecture, tensors, top + "layers." + i + "."));
        Norm.Scale end = tensors.scale(top + "final_layer_norm", s.width(), true);
        return new Weights(
                tokens, null, List.copyOf(layers), end, tensors.head("embed_out", tokens, architecture, false));
    }

    private static LayerWeights layer(Architecture architecture, Tensors tensors, String at) {
        Architecture.Sizes s = architecture.sizes();
        Architecture.Biases biases = architecture.biases();
        String fusedName = at + "attention.query_key_value";
        Linear fused = tensors.linear(fusedName, s.width(), 3L * s.queryWidth(), biases.queryKeyValue());
        return new LayerWeights(
                tensors.scale(at + "input_layernorm", s.width(), true),
                third(s, fused, 0),
                third(s, fused, 1),
                third(s, fused, 2),
                tensors.linear(at + "attention.dense", s.queryWidth(), s.width(), biases.attentionOutput()),
                null,
                null,
                tensors.scale(at + "post_attention_layernorm", s.width(), true),
                new FeedForward(
                        null,
                        tensors.linear(at + "mlp.dense_h_to_4h", s.width(), s.feedForward(), true),
                        tensors.linear(at + "mlp.dense_4h_to_h", s.feedForward(), s.width(), true)));
    }

    /**
     * One of the three projections. The fused rows are the query, key and value of head 0, then those of head 1, and so
     * on; the rows of one kind are gathered by a copy.
     */
    private static Linear third(Architecture.Sizes s, Linear fused, int i) {
        NDArray weight = fused.weight().reshape(s.heads(), 3, s.headDim(), s.width()); // (H, 3, hd, d)
        NDArray bias = fused.bias();
        return new Linear(
                weight.get(":, {}", i).reshape(s.queryWidth(), s.width()), // (H·hd, d)
                bias == null
                        ? null
                        : bias.reshape(s.heads(), 3, s.headDim())
                                .get(":, {}", i)
                                .reshape(s.queryWidth())); // (H·hd)
    }

    /**
     * Ignores the causal mask, the value it masks with, and the rotary frequencies, which old files contain as tensors.
     */
    @Override
    public boolean ignores(String tensor) {
        return tensor.endsWith(".attention.bias")
                || tensor.endsWith(".attention.masked_bias")
                || tensor.endsWith("rotary_emb.inv_freq");
    }
}
