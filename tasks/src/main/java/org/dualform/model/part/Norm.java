package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/** Normalisation over the last axis. */
public sealed interface Norm {
    /** {@code x} (…, n), {@code scale} with weights of (n); the same shape comes back. */
    NDArray apply(Scale scale, NDArray x);

    /**
     * The learned part.
     *
     * @param weight (n), or null where the family has none
     * @param bias (n), or null
     */
    record Scale(@Nullable NDArray weight, @Nullable NDArray bias) {
        /** The same over mapped weights. */
        public Scale map(String name, WeightMapping mapping) {
            return new Scale(
                    mapping.orNull(name + ".weight", Role.NORM_SCALE, weight),
                    mapping.orNull(name + ".bias", Role.NORM_SHIFT, bias));
        }

        /** As {@link #map}, where a family may lack the norm. */
        static @Nullable Scale mapIfAny(@Nullable Scale scale, String name, WeightMapping mapping) {
            return scale == null ? null : scale.map(name, mapping);
        }
    }

    /**
     * (x − mean) / √(variance + ε) · w + b (Ba et al. 2016).
     *
     * @param learned whether the family stores w and b
     */
    record Layer(float epsilon, boolean learned) implements Norm {
        /** With weights and biases. */
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

        /** The engine's own layer norm wants weights. */
        private NDArray standardised(NDArray x) {
            NDArray centred = x.sub(x.mean(new int[] {-1}, true)); // (…, n)
            NDArray size =
                    centred.square().mean(new int[] {-1}, true).add(epsilon).sqrt(); // (…, 1)
            return centred.div(size);
        }
    }

    /** x / √(mean of squares + ε) · w (Zhang and Sennrich 2019). */
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
