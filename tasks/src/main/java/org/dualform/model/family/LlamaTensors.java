package org.dualform.model.family;

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

/**
 * The tensors of Llama, and of the families that use its names.
 *
 * <p>Legend: V vocabulary, d width, hd width of a head.
 *
 * @param normWeight maps the stored weight of a norm to the factor it stands for
 */
record LlamaTensors(Architecture architecture, Tensors tensors, UnaryOperator<NDArray> normWeight) {
    static Weights weights(Architecture architecture, TensorSource source) {
        return weights(architecture, source, w -> w);
    }

    static Weights weights(Architecture architecture, TensorSource source, UnaryOperator<NDArray> normWeight) {
        return new LlamaTensors(architecture, new Tensors(source), normWeight).all();
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
        Architecture.Sizes s = architecture.sizes();
        Architecture.Biases biases = architecture.biases();
        String attention = at + "self_attn.";
        return new LayerWeights(
                norm(at + "input_layernorm", s.width()),
                tensors.linear(attention + "q_proj", s.width(), s.queryWidth(), biases.queryKeyValue()),
                tensors.linear(attention + "k_proj", s.width(), s.kvWidth(), biases.queryKeyValue()),
                tensors.linear(attention + "v_proj", s.width(), s.kvWidth(), biases.queryKeyValue()),
                tensors.linear(attention + "o_proj", s.queryWidth(), s.width(), biases.attentionOutput()),
                architecture.queryKeyNorm() ? norm(attention + "q_norm", s.headDim()) : null,
                architecture.queryKeyNorm() ? norm(attention + "k_norm", s.headDim()) : null,
                norm(at + "post_attention_layernorm", s.width()),
                new FeedForward(
                        feedForward(at + "mlp.gate_proj", s.width(), s.feedForward()),
                        feedForward(at + "mlp.up_proj", s.width(), s.feedForward()),
                        feedForward(at + "mlp.down_proj", s.feedForward(), s.width())));
    }

    private Linear feedForward(String name, long in, long out) {
        return tensors.linear(name, in, out, architecture.biases().feedForward());
    }

    private Norm.Scale norm(String name, long n) {
        return new Norm.Scale(normWeight.apply(tensors.array(name + ".weight", n)), null); // (n)
    }
}
