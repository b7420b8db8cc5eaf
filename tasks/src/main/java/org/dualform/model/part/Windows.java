package org.dualform.model.part;

import java.util.List;

/**
 * How far back each layer sees: position i sees position j if j ≤ i and i − j &lt; the layer's window.
 *
 * @param byLayer the window of each layer in tokens, {@link #ALL} for a layer that sees everything before it; empty if
 *     every layer does
 */
public record Windows(List<Integer> byLayer) {
    /** The window of a layer that sees everything before it. */
    public static final int ALL = Integer.MAX_VALUE;

    /** No windows: every layer sees everything before it. */
    public static final Windows UNLIMITED = new Windows(List.of());

    public Windows {
        byLayer = List.copyOf(byLayer);
    }

    /** The window of a layer. */
    public int of(int layer) {
        return byLayer.isEmpty() ? ALL : byLayer.get(layer);
    }
}
