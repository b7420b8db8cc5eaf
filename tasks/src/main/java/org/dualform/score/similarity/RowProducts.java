package org.dualform.score.similarity;

/**
 * Inner products of a vector of every row with many other vectors, in double precision.
 *
 * <p>The rows' vectors are stored by component, so that the innermost loop runs over rows and vectorises. It adds four
 * components at a time, so that a sum is loaded and stored once for four products. It works through blocks: as many
 * components as fit a core's first cache, for as many vectors as fit its second.
 */
final class RowProducts {
    private static final int COMPONENTS = 16;
    private static final int VECTORS = 64;

    private final double[][] components; // (width, rows)
    private final int rows;

    /** Takes {@code width} numbers of every row, from {@code offset} on. */
    RowProducts(float[][] rows, int offset, int width) {
        this.rows = rows.length;
        components = new double[width][rows.length];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < width; i++) components[i][row] = rows[row][offset + i];
        }
    }

    /** The products with vectors that lie one after the other from number {@code from} on: (vectors, rows). */
    double[][] with(float[] vectors, int from) {
        int width = components.length;
        double[][] products = new double[(vectors.length - from) / width][rows];
        for (int first = 0; first < products.length; first += VECTORS) {
            int end = Math.min(first + VECTORS, products.length);
            for (int begin = 0; begin < width; begin += COMPONENTS) {
                int last = Math.min(begin + COMPONENTS, width);
                for (int v = first; v < end; v++) add(products[v], vectors, from + v * width, begin, last);
            }
        }
        return products;
    }

    private void add(double[] sums, float[] vectors, int at, int begin, int end) {
        int i = begin;
        for (; i + 3 < end; i += 4) {
            addFour(sums, i, vectors[at + i], vectors[at + i + 1], vectors[at + i + 2], vectors[at + i + 3]);
        }
        for (; i < end; i++) {
            for (int row = 0; row < rows; row++) sums[row] += vectors[at + i] * components[i][row];
        }
    }

    private void addFour(double[] sums, int i, double a, double b, double c, double d) {
        double[] first = components[i];
        double[] second = components[i + 1];
        double[] third = components[i + 2];
        double[] fourth = components[i + 3];
        for (int row = 0; row < sums.length; row++) {
            sums[row] += a * first[row] + b * second[row] + c * third[row] + d * fourth[row];
        }
    }
}
