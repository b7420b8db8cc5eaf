package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;

/**
 * Sees what happens inside a forward, and may replace the key and value projections' outputs. Every method is a no-op
 * unless overridden. B batch, T tokens of this call, S = prefix + T columns, H heads, KV key/value heads, hd head
 * dimension, d width.
 *
 * <p>An array given to a probe is freed when its layer ends, and so is what the probe computes from it;
 * {@link #keep} saves it. Rows that only pad a ragged batch are given like any other.
 */
public interface Probe {
    /** Sees nothing. */
    Probe NONE = new Probe() {};

    /**
     * The residual stream (B, T, d) that is about to enter block {@code layer}. What is returned goes on in its place.
     */
    default NDArray entering(int layer, NDArray x) {
        return x;
    }

    /**
     * The residual stream (B, T, d) that enters block {@code layer}; with {@code layer} = L, what the last one left,
     * which is (R, d) where only R positions are asked for.
     */
    default void residual(int layer, NDArray x) {}

    /**
     * The key projection: its input (B, T, d), after the norm, and its output (B, T, KV·hd), before any norm of keys and
     * any rotation. What is returned goes on in its place.
     */
    default NDArray keys(int layer, NDArray input, NDArray output) {
        return output;
    }

    /** The value projection, as {@link #keys}. */
    default NDArray values(int layer, NDArray input, NDArray output) {
        return output;
    }

    /** Queries (B, H, T, hd) after their norm, before rotation; not scaled. */
    default void queries(int layer, NDArray q) {}

    /** Queries (B, H, T, hd) after rotation (the same where a family does not rotate); not scaled. */
    default void rotatedQueries(int layer, NDArray q) {}

    /** Keys and values (B, KV, T, hd) of this call's tokens, as they enter the products: normed, rotated. */
    default void keysAndValues(int layer, NDArray k, NDArray v) {}

    /** Scores (B, H, T, S) as they enter the softmax: scaled, −∞ where a row does not see a column. */
    default void scores(int layer, NDArray scores) {}

    /** Attention's output (B, T, d) after the output projection with its bias, before it is added to the residual. */
    default void attentionOutput(int layer, NDArray a) {}

    /** The residual stream (B, T, d) right after attention's output was added. */
    default void afterAttention(int layer, NDArray x) {}

    /** Saves an array that a forward would free; from now on {@code owner} owns it. Returns the array. */
    static NDArray keep(NDManager owner, NDArray array) {
        NDScope.unregister(array);
        array.attach(owner);
        return array;
    }
}
