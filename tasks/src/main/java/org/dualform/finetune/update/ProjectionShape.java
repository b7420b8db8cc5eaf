package org.dualform.finetune.update;

/**
 * Sizes of the key and value projections, equal in all layers.
 *
 * @param layers number of layers
 * @param in width d of their input
 * @param out width of their output: key and value heads times the head's width
 * @param bias whether they have biases
 * @param elementBytes bytes of one number
 */
public record ProjectionShape(int layers, long in, long out, boolean bias, int elementBytes) {
    /** Bytes of the factors of {@code tokens} tokens trained in {@code steps} steps, in all layers: X once, E and the bias twice. */
    public long factoredBytes(long tokens, long steps) {
        long weights = tokens * (in + 2 * out);
        long biases = bias ? 2 * steps * out : 0;
        return (long) layers * elementBytes * (weights + biases);
    }

    /** Bytes of dense changes of both projections in all layers. */
    public long denseBytes() {
        return 2L * layers * elementBytes * (in * out + (bias ? out : 0));
    }
}
