package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/** Normalisation over the last axis. Legend: n width of that axis. */
public sealed interface Norm {
    /** Normalises {@code x} (…, n) and multiplies by the weights (n) of {@code scale}; the shape stays. */
    NDArray apply(Scale scale, NDArray x);

    /**
     * The learned part of a norm.
     *
     * @param weight (n), or null if the family has none
     * @param bias (n), or null
     */
    record Scale(@Nullable NDArray weight, @Nullable NDArray bias) {
        /** The same with mapped weights. */
        public Scale map(String name, WeightMapping mapping) {
            return new Scale(
                    mapping.orNull(name + ".weight", Role.NORM_SCALE, weight),
                    mapping.orNull(name + ".bias", Role.NORM_SHIFT, bias));
        }

        /** As {@link #map}; null stays null, for families without this norm. */
        static @Nullable Scale mapIfAny(@Nullable Scale scale, String name, WeightMapping mapping) {
            return scale == null ? null : scale.map(name, mapping);
        }
    }

    /**
     * Layer norm (Ba et al. 2016, arXiv:1607.06450): (x − mean) / √(variance + ε) · w + b.
     *
     * @param learned whether the family stores w and b
     */
    record Layer(float epsilon, boolean learned) implements Norm {
        /** A layer norm with weights and biases. */
        public Layer(float epsilon) {
            this(epsilon, true);
        }

        @Override
        public NDArray apply(Scale scale, NDArray x) {
            if (scale.weight == null) return standardised(x);
            Shape last = new Shape(x.getShape().get(x.getShape().dimension() - 1));
            return x.getNDArrayInternal()
                    .layerNorm(x, last, scale.weight, scale.bias, epsilon)
                    .head();
        }

        /** The norm without w and b, computed here because the engine's own layer norm requires weights. */
        private NDArray standardised(NDArray x) {
            NDArray centred = x.sub(x.mean(new int[] {-1}, true)); // (…, n)
            NDArray size =
                    centred.square().mean(new int[] {-1}, true).add(epsilon).sqrt(); // (…, 1)
            return centred.div(size);
        }
    }

    /** RMS norm (Zhang and Sennrich 2019, arXiv:1910.07467): x / √(mean of squares + ε) · w. */
    record Rms(float epsilon) implements Norm {
        @Override
        public NDArray apply(Scale scale, NDArray x) {
            NDArray size = x.square().mean(new int[] {-1}, true).add(epsilon).sqrt(); // (…, 1)
            NDArray y = x.div(size);
            if (scale.weight != null) y = y.mul(scale.weight);
            return scale.bias == null ? y : y.add(scale.bias);
        }
    }
}
