package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dualform.model.part.function.Scaled;
import org.jspecify.annotations.Nullable;

/**
 * Momentum, as in gradient descent: a part of what was added before is added again.
 *
 * <p>Dai et al. 2022 (arXiv:2212.10559, section 4) read attention as gradient descent on the demonstrations, and give it
 * the momentum that gradient descent may have: an exponential moving average of the earlier tokens' values.
 *
 * <p>Legend: H query heads, T tokens of a call, P tokens of its prefix, i and t positions from 0.
 *
 * @param decay η, the share that is left after one token, or after one block
 */
public record Momentum(Form form, double decay) {
    /** What is averaged, and how. */
    public enum Form {
        /**
         * Each head adds m_t = Σ_{i&lt;t} η^(t−i) v_i to its output. It is the average of Dai et al. 2022, which is not
         * normalised and leaves out the token itself: m_0 = 0, m_{t+1} = η (m_t + v_t).
         */
        SUM,
        /** As {@link #SUM}, divided by the sum of the weights, so that a head adds a mean of values. */
        MEAN,
        /**
         * Momentum over blocks rather than tokens: x_{l+1} = block(x_l) + η (x_l − x_{l−1}), with x_{−1} = x_0. This is
         * heavy-ball gradient descent (Polyak 1964) where each block is a step, as in the momentum streams of Gai et al.
         * 2026 (arXiv:2605.24425), who learn the factors; here η is fixed.
         */
        RESIDUAL;

        /** The form's name in config.json and in recipes. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The names of all forms. */
        public static List<String> ids() {
            return Stream.of(values()).map(Form::id).toList();
        }
    }

    /** The rule for η, as it ends a sentence about a wrong one. */
    public static final String RULE = "a number above 0 and below 1";

    public Momentum {
        if (!allowed(decay)) throw new IllegalArgumentException("no decay of a momentum: " + decay);
    }

    /** Whether {@code decay} is above 0 and below 1. */
    public static boolean allowed(double decay) {
        return decay > 0 && decay < 1;
    }

    /** Whether each head adds an average of the values of earlier tokens. */
    public boolean averagesValues() {
        return form != Form.RESIDUAL;
    }

    /**
     * The average's weights in one call.
     *
     * @param own (T, T), of this call's values: added to the shares of attention, they give attention and average in one
     *     product
     * @param earlier (T, 1), of the average at the prefix's end; null without a prefix
     */
    public record Shares(NDArray own, @Nullable NDArray earlier) {}

    /**
     * The weights of a call whose first token is at position {@code start}.
     *
     * @param manager owns them
     */
    public Shares shares(NDManager manager, int start, int tokens, DataType type) {
        double[] own = new double[Math.multiplyExact(tokens, tokens)];
        double[] earlier = new double[tokens];
        for (int t = 0; t < tokens; t++) {
            double whole = start + t == 0 ? 1 : whole(start + t);
            for (int i = 0; i < t; i++) own[t * tokens + i] = Math.pow(decay, t - i) / whole;
            earlier[t] = Math.pow(decay, t) / whole;
        }
        return new Shares(
                array(manager, own, new Shape(tokens, tokens), type), // (T, T)
                start == 0 ? null : array(manager, earlier, new Shape(tokens, 1), type)); // (T, 1)
    }

    /** The weights of the values of a prefix in the sum m_P at its end: (1, P), owned by {@code manager}. */
    public NDArray atEnd(NDManager manager, int tokens, DataType type) {
        double[] weights = new double[tokens];
        for (int i = 0; i < tokens; i++) weights[i] = Math.pow(decay, tokens - i);
        return array(manager, weights, new Shape(1, tokens), type); // (1, P)
    }

    /** What the sum at position t is divided by: Σ η^n for n from 1 to t. */
    private double whole(int t) {
        return form == Form.MEAN ? decay * (1 - Math.pow(decay, t)) / (1 - decay) : 1;
    }

    private static NDArray array(NDManager manager, double[] values, Shape shape, DataType type) {
        try (NDArray fromJava = manager.create(values, shape)) {
            return Scaled.engineOwned(fromJava, type);
        }
    }

    /**
     * The residual stream after a block, with {@link Form#RESIDUAL}. All arrays have one shape.
     *
     * @param after what the block returned
     * @param entered the stream that entered it
     * @param before the stream that entered the block before
     */
    public NDArray carry(NDArray after, NDArray entered, NDArray before) {
        return after.add(Scaled.times(entered.sub(before), decay));
    }
}
