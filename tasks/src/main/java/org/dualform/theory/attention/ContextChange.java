package org.dualform.theory.attention;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dualform.theory.matrix.Matrix;
import org.dualform.theory.matrix.OuterProducts;
import org.dualform.theory.matrix.Svd;
import org.dualform.theory.result.Floor;

/**
 * ΔW_ICL of one key/value head, or a floor in its place. It is the same for all queries that see the same columns.
 *
 * <p>Legend: N tokens of demonstrations, hd width of a head.
 *
 * @param matrix (hd, hd), which is smaller than most layers' keys
 */
record ContextChange(Floor floor, Matrix matrix, double norm, Svd svd) {
    static ContextChange of(Floor floor, OuterProducts products) {
        Matrix matrix = products.v().transposed().times(products.k()); // (hd, hd)
        return new ContextChange(floor, matrix, matrix.norm(), products.svd());
    }

    /** The matrix as the floor makes it of Σ v_i ⊗ k_i. */
    static ContextChange of(Floor floor, OuterProducts own, RandomGenerator random) {
        int n = own.v().rows();
        int width = own.v().columns();
        return of(
                floor,
                switch (floor) {
                    case RANDOM -> new OuterProducts(Matrix.normal(random, n, width), Matrix.normal(random, n, width));
                    case PERMUTED -> own.paired(derangement(random, n));
                    default -> own;
                });
    }

    /** A random order in which nothing stays where it is, if there are two things at least. */
    private static int[] derangement(RandomGenerator random, int n) {
        int[] order = IntStream.range(0, n).toArray();
        // Sattolo's shuffle: one cycle through all places.
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    /** The Frobenius inner product with a sum of outer products. */
    double cosine(OuterProducts other) {
        double dot = other.v().dot(other.k().times(matrix.transposed()));
        return dot / (norm * other.norm());
    }

    /** The matrix times each row of {@code queries} (n, hd): (n, hd). */
    Matrix apply(Matrix queries) {
        return queries.times(matrix.transposed());
    }
}
