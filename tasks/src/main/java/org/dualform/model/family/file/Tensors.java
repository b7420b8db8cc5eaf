package org.dualform.model.family.file;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Positions;

/** Takes tensors in the groups that the decoder's parts need. */
public record Tensors(TensorSource source) {
    public NDArray array(String name, long... shape) {
        return source.take(name, new Shape(shape));
    }

    /** Learned positions (P, d), stored from position 0 on. */
    public Positions positions(String name, Architecture.Sizes sizes) {
        return new Positions(array(name, sizes.positions(), sizes.width()), true);
    }

    /** {@code name.weight} (out, in) and, if {@code biased}, {@code name.bias} (out). */
    public Linear linear(String name, long in, long out, boolean biased) {
        return new Linear(array(name + ".weight", out, in), biased ? array(name + ".bias", out) : null);
    }

    /** {@code name.weight} (n) and, if {@code biased}, {@code name.bias} (n). */
    public Norm.Scale scale(String name, long n, boolean biased) {
        return new Norm.Scale(array(name + ".weight", n), biased ? array(name + ".bias", n) : null);
    }

    /**
     * The weights {@code name.norms.0.weight}, … (n) of norms that each head has for itself, without biases.
     *
     * @return (heads, n), or (n) for a single head
     */
    public Norm.Scale headNorms(String name, int heads, long n) {
        NDList each = new NDList();
        for (int h = 0; h < heads; h++) each.add(array(name + ".norms." + h + ".weight", n));
        return new Norm.Scale(heads == 1 ? each.get(0) : NDArrays.stack(each), null); // (heads, n)
    }

    /** The weight and bias of a layer norm, or none if the family's norms have none. */
    public Norm.Scale layerNorm(String name, long n, Norm norm) {
        return norm instanceof Norm.Layer layer && !layer.learned() ? new Norm.Scale(null, null) : scale(name, n, true);
    }

    /**
     * The output head.
     *
     * <p>The file of a tied model may still store a head. If it equals the embedding, the two stay one; if it differs,
     * the stored head is used, as in transformers 5. An untied model without a stored head is refused, since it would
     * run with a random one.
     */
    public Linear head(String name, NDArray tokens, Architecture architecture, boolean biased) {
        Architecture.Sizes sizes = architecture.sizes();
        String weight = name + ".weight";
        NDArray bias = biased ? array(name + ".bias", sizes.vocabulary()) : null; // (V)
        if (architecture.tied() && !source.stores(weight)) return new Linear(tokens, bias);
        NDArray head = array(weight, sizes.vocabulary(), sizes.embedding()); // (V, e)
        boolean same = architecture.tied() && head.contentEquals(tokens);
        return new Linear(same ? tokens : head, bias);
    }
}
