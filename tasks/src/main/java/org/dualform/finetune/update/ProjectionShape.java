package org.dualform.finetune.update;

/**
 * The sizes of the key and value projections, which are equal in all layers.
 *
 * @param layers the number of layers
 * @param in the width d of their input
 * @param out the width of their output: the number of key/value heads times the width of a head
 * @param bias whether they have biases
 * @param elementBytes the bytes of one number
 */
public record ProjectionShape(int layers, long in, long out, boolean bias, int elementBytes) {
    /**
     * Bytes of the factors of {@code tokens} tokens, trained in {@code steps} steps, in all layers: X once, E and the
     * bias twice.
     */
    public long factoredBytes(long tokens, long steps) {
        long weights = tokens * (in + 2 * out);
        long biases = bias ? 2 * steps * out : 0;
        return (long) layers * elementBytes * (weights + biases);
    }

    /** Bytes of the dense changes of both projections in all layers. */
    public long denseBytes() {
        return 2L * layers * elementBytes * (in * out + (bias ? out : 0));
    }
}
