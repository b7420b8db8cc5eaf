package org.dualform.model.family.rms;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.family.file.Tensors;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Weights;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of Llama, and of the families that use its names.
 *
 * <p>Legend: V vocabulary, d width, f width of the feed-forward part, H query heads, KV key/value heads, hd width of a
 * head.
 *
 * @param normWeight maps the stored weight of a norm to the factor it stands for
 * @param projections takes the projections of a block
 */
record LlamaTensors(
        Architecture architecture, Tensors tensors, UnaryOperator<NDArray> normWeight, Projections projections) {
    /** The projections of a block. */
    record Projected(Linear query, Linear key, Linear value, Linear output, FeedForward feedForward) {}

    /** Takes the projections of the block whose names begin with {@code at}. */
    @FunctionalInterface
    interface Projections {
        Projected take(Architecture architecture, Tensors tensors, String at);
    }

    static Weights weights(Architecture architecture, TensorSource source) {
        return weights(architecture, source, w -> w);
    }

    static Weights weights(Architecture architecture, TensorSource source, UnaryOperator<NDArray> normWeight) {
        return new LlamaTensors(architecture, new Tensors(source), normWeight, LlamaTensors::separate).all();
    }

    /** As above, for a family that stores its projections in another way. */
    static Weights weights(Architecture architecture, TensorSource source, Projections projections) {
        return new LlamaTensors(architecture, new Tensors(source), w -> w, projections).all();
    }

    private Weights all() {
        Architecture.Sizes s = architecture.sizes();
        String top = tensors.source().stores("embed_tokens.weight") ? "" : "model.";
        NDArray tokens = tensors.array(top + "embed_tokens.weight", s.vocabulary(), s.width()); // (V, d)
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < s.layers(); i++) layers.add(layer(top + "layers." + i + "."));
        Norm.Scale end = norm(top + "norm", s.width());
        return new Weights(
                tokens, null, List.copyOf(layers), end, tensors.head("lm_head", tokens, architecture, false));
    }

    private LayerWeights layer(String at) {
        BlockNorms norms = blockNorms(at);
        Projected projected = projections.take(architecture, tensors, at);
        return new LayerWeights(
                norms.attention,
                projected.query,
                projected.key,
                projected.value,
                projected.output,
                queryKeyNorm(at + "self_attn.q_norm", architecture.sizes().queryWidth()),
                queryKeyNorm(at + "self_attn.k_norm", architecture.sizes().kvWidth()),
                norms.feedForward,
                projected.feedForward,
                norms.attentionOutput,
                norms.feedForwardOutput);
    }

    private record BlockNorms(
            Norm.@Nullable Scale attention,
            Norm.@Nullable Scale feedForward,
            Norm.@Nullable Scale attentionOutput,
            Norm.@Nullable Scale feedForwardOutput) {}

    /** The norms of a block. "post_attention_layernorm" comes after attention's sum in Llama, and before it elsewhere. */
    private BlockNorms blockNorms(String at) {
        int width = architecture.sizes().width();
        Norm.Scale after = norm(at + "post_attention_layernorm", width);
        return switch (architecture.residual()) {
            case OUTPUT_NORM -> new BlockNorms(null, null, after, norm(at + "post_feedforward_layernorm", width));
            case SANDWICH_NORM ->
                new BlockNorms(
                        norm(at + "input_layernorm", width),
                        norm(at + "pre_feedforward_layernorm", width),
                        after,
                        norm(at + "post_feedforward_layernorm", width));
            default -> new BlockNorms(norm(at + "input_layernorm", width), after, null, null);
        };
    }

    private Norm.@Nullable Scale queryKeyNorm(String name, int whole) {
        return switch (architecture.queryKeyNorm()) {
            case NONE -> null;
            case BY_HEAD -> norm(name, architecture.sizes().headDim());
            case WHOLE -> norm(name, whole);
        };
    }

    private static Projected separate(Architecture architecture, Tensors tensors, String at) {
        Architecture.Sizes s = architecture.sizes();
        Architecture.Biases biases = architecture.biases();
        String attention = at + "self_attn.";
        return new Projected(
                tensors.linear(attention + "q_proj", s.width(), s.queryWidth(), biases.queryKeyValue()),
                tensors.linear(attention + "k_proj", s.width(), s.kvWidth(), biases.queryKeyValue()),
                tensors.linear(attention + "v_proj", s.width(), s.kvWidth(), biases.queryKeyValue()),
                tensors.linear(attention + "o_proj", s.queryWidth(), s.width(), biases.attentionOutput()),
                new FeedForward(
                        tensors.linear(at + "mlp.gate_proj", s.width(), s.feedForward(), biases.feedForward()),
                        tensors.linear(at + "mlp.up_proj", s.width(), s.feedForward(), biases.feedForward()),
                        tensors.linear(at + "mlp.down_proj", s.feedForward(), s.width(), biases.feedForward())));
    }

    private Norm.Scale norm(String name, long n) {
        return new Norm.Scale(normWeight.apply(tensors.array(name + ".weight", n)), null); // (n)
    }
}
