package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.dualform.model.part.function.Fresh;
import org.jspecify.annotations.Nullable;

/** Normalisation over the last axis. Legend: n width of that axis. */
public sealed interface Norm {
    /** Normalises {@code x} (…, n) and multiplies by the weights (n) of {@code scale}; the shape stays. */
    NDArray apply(Scale scale, NDArray x);

    /**
     * The learned part of a norm.
     *
     * @param weight (n), or null if the family has none; in a layer norm also (H, n), a weight for each first index of x
     * @param bias as weight, or null
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
            NDArray weight = scale.weight;
            NDArray bias = scale.bias;
            if (weight != null && bias != null && weight.getShape().dimension() == 1) {
                return x.getNDArrayInternal()
                        .layerNorm(x, weight.getShape(), weight, bias, epsilon)
                        .head();
            }
            NDArray y = standardised(x); // (…, n)
            if (weight != null) y = Fresh.times(y, against(x, weight)); // (…, n)
            return bias == null ? y : Fresh.plus(y, against(x, bias)); // (…, n)
        }

        /** A learned array as it meets x: (n), or (H, n) as (H, 1, …, 1, n). */
        private static NDArray against(NDArray x, NDArray learned) {
            if (learned.getShape().dimension() == 1) return learned;
            long[] shape = x.getShape().getShape().clone();
            Arrays.fill(shape, 1, shape.length - 1, 1);
            return learned.reshape(shape);
        }

        /** The norm without w and b, computed here because the engine's own layer norm requires both. */
        private NDArray standardised(NDArray x) {
            NDArray centred = x.sub(x.mean(new int[] {-1}, true)); // (…, n)
            NDArray size =
                    centred.square().mean(new int[] {-1}, true).add(epsilon).sqrt(); // (…, 1)
            return Fresh.over(centred, size);
        }
    }

    /** RMS norm (Zhang and Sennrich 2019, arXiv:1910.07467): x / √(mean of squares + ε) · w. */
    record Rms(float epsilon) implements Norm {
        @Override
        public NDArray apply(Scale scale, NDArray x) {
            NDArray size;
            try (NDArray squares = x.square()) { // (…, n)
                size = squares.mean(new int[] {-1}, true).add(epsilon).sqrt(); // (…, 1)
            }
            NDArray y = x.div(size);
            if (scale.weight != null) y = Fresh.times(y, scale.weight);
            return scale.bias == null ? y : Fresh.plus(y, scale.bias);
        }
    }
}
