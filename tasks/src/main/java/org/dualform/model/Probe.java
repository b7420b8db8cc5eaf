package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.function.UnaryOperator;

/**
 * Sees the arrays inside a forward pass. It may replace the residual stream, the outputs of the key and value
 * projections, and what a feed-forward part adds. Every method does nothing unless it is overridden.
 *
 * <p>An array that is given to a probe is freed when its layer ends, and so is whatever the probe computes from it;
 * {@link #keep} saves it. Rows that only pad a batch are given like any other.
 *
 * <p>Legend: B batch, T tokens of this call, S columns of the prefix and of this call, H query heads, KV key/value
 * heads, hd width of a head, d width, L layers, R positions that are read.
 */
public interface Probe {
    /** A probe that sees nothing. */
    Probe NONE = new Probe() {};

    /**
     * Sees the residual stream (B, T, d) before it enters block {@code layer}. The array it returns takes its place.
     */
    default NDArray entering(int layer, NDArray x) {
        return x;
    }

    /**
     * Sees the residual stream (B, T, d) that enters block {@code layer}. For {@code layer} = L it is what the last
     * block returned: (R, d) if only R positions are read.
     */
    default void residual(int layer, NDArray x) {}

    /**
     * Sees the key projection: its input (B, T, d), after the norm, and its output (B, T, KV·hd), before any norm of
     * keys and any rotation. The array it returns takes the output's place.
     */
    default NDArray keys(int layer, NDArray input, NDArray output) {
        return output;
    }

    /** Sees the value projection, as {@link #keys} does the key projection. */
    default NDArray values(int layer, NDArray input, NDArray output) {
        return output;
    }

    /** Sees the queries (B, H, T, hd) after their norm and before rotation, not scaled. */
    default void queries(int layer, NDArray q) {}

    /**
     * Sees the queries (B, H, T, hd) after rotation, not scaled. In families without rotation they are the same as
     * before.
     */
    default void rotatedQueries(int layer, NDArray q) {}

    /** Sees the keys and values (B, KV, T, hd) of this call's tokens as they enter the products, normed and rotated. */
    default void keysAndValues(int layer, NDArray k, NDArray v) {}

    /**
     * Whether {@link #scores} is to be called. If not, scores of a long sequence may be computed in parts, and those
     * that a mask hides not at all.
     */
    default boolean seesScores() {
        return false;
    }

    /** Sees the scores (B, H, T, S) as they enter the softmax: scaled, and −∞ where a row does not see a column. */
    default void scores(int layer, NDArray scores) {}

    /**
     * Sees the output of attention (B, T, d) after the output projection with its bias, before it is added to the
     * residual stream.
     */
    default void attentionOutput(int layer, NDArray a) {}

    /** Sees the residual stream (B, T, d) right after the output of attention was added. */
    default void afterAttention(int layer, NDArray x) {}

    /**
     * Sees the feed-forward part of a block and may compute it in another way. Its result is added to {@code base}, and
     * in families where a norm follows, that sum is normed.
     *
     * @param base the residual stream that the part's result is added to: (B, T, d), or (R, d) in the last block if only
     *     R positions are read
     * @param input the part's input, of the same shape
     * @param part the part with the model's own weights, its output norm and its factor included
     * @return what is added to {@code base}
     */
    default NDArray feedForward(int layer, NDArray base, NDArray input, UnaryOperator<NDArray> part) {
        return part.apply(input);
    }

    /** Saves an array that the forward pass would free: {@code owner} owns it from now on. Returns the array. */
    static NDArray keep(NDManager owner, NDArray array) {
        NDScope.unregister(array);
        array.attach(owner);
        return array;
    }
}
