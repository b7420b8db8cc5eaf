package org.dualform.theory.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of decompositions and of sums of outer products, against the matrices themselves. */
class MatricesTest {
    private static final double EXACT = 1e-12;

    @Property(tries = 100)
    void aDecompositionGivesItsMatrixBack(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll long seed) {
        Matrix a = Matrix.normal(new Random(seed), rows, columns);
        Svd svd = Svd.of(a);
        assertThat(svd.values()).isSortedAccordingTo((x, y) -> Double.compare(y, x));
        assertThat(difference(product(svd), a)).isLessThan(EXACT);
        assertOrthonormal(svd.left());
        assertOrthonormal(svd.right());
        assertThat(Vectors.norm(svd.values())).isCloseTo(a.norm(), within(EXACT * 10));
    }

    @Property(tries = 100)
    void factorsSayWhatTheirMatrixSays(
            @ForAll @IntRange(min = 1, max = 12) int products,
            @ForAll @IntRange(min = 1, max = 6) int p,
            @ForAll @IntRange(min = 1, max = 8) int q,
            @ForAll long seed) {
        Random random = new Random(seed);
        OuterProducts one = new OuterProducts(Matrix.normal(random, products, p), Matrix.normal(random, products, q));
        OuterProducts two = new OuterProducts(Matrix.normal(random, 3, p), Matrix.normal(random, 3, q));
        Matrix m = one.v().transposed().times(one.k());
        Matrix other = two.v().transposed().times(two.k());
        assertThat(one.norm()).isCloseTo(m.norm(), within(EXACT * 100));
        assertThat(one.dot(two)).isCloseTo(m.dot(other), within(EXACT * 100));
        Matrix rows = Matrix.normal(random, 2, q);
        assertThat(difference(one.apply(rows), rows.times(m.transposed()))).isLessThan(EXACT * 100);
        Svd svd = one.svd();
        assertThat(difference(product(svd), m)).isLessThan(EXACT * 100);
        assertThat(svd.rank(1e-9)).isLessThanOrEqualTo(Math.min(products, Math.min(p, q)));
        assertThat(one.minus(one).norm()).isLessThan(1e-6);
    }

    /** Products that depend on each other leave zeros, and no noise. */
    @Property(tries = 30)
    void repeatedProductsAddNoRank(@ForAll @IntRange(min = 1, max = 3) int products, @ForAll long seed) {
        Random random = new Random(seed);
        Matrix v = Matrix.normal(random, products, 8);
        Matrix k = Matrix.normal(random, products, 8);
        Svd svd = new OuterProducts(v.above(v), k.above(k)).svd();
        assertThat(svd.rank(1e-10)).isEqualTo(products);
        assertThat(svd.values()[0]).isCloseTo(2 * new OuterProducts(v, k).svd().values()[0], within(1e-10));
    }

    /** A space has no angle to itself, and a right one to what is left out of it. */
    @Property(tries = 30)
    void principalAnglesOfKnownSpaces(@ForAll @IntRange(min = 1, max = 3) int dimensions, @ForAll long seed) {
        Matrix all = Svd.of(Matrix.normal(new Random(seed), 7, 7)).left();
        Matrix mixed = all.first(dimensions)
                .times(Svd.of(Matrix.normal(new Random(seed + 1), dimensions, dimensions))
                        .left());
        assertThat(Subspaces.cosines(all, mixed, dimensions))
                .usingComparatorWithPrecision(EXACT)
                .containsOnly(1);
        Matrix rest = all.transposed()
                .rows(IntStream.range(7 - dimensions, 7).toArray())
                .transposed();
        assertThat(Subspaces.cosines(all, rest, dimensions))
                .usingComparatorWithPrecision(EXACT)
                .containsOnly(0);
    }

    private static Matrix product(Svd svd) {
        double[] scaled = svd.left().values().clone();
        for (int i = 0; i < scaled.length; i++) scaled[i] *= svd.values()[i % svd.values().length];
        return new Matrix(svd.left().rows(), svd.left().columns(), scaled)
                .times(svd.right().transposed());
    }

    private static double difference(Matrix a, Matrix b) {
        double[] off = new double[a.values().length];
        for (int i = 0; i < off.length; i++) off[i] = a.values()[i] - b.values()[i];
        return Vectors.norm(off);
    }

    private static void assertOrthonormal(Matrix columns) {
        Matrix gram = columns.transposed().times(columns);
        for (int i = 0; i < gram.rows(); i++) {
            for (int j = 0; j < gram.rows(); j++) {
                assertThat(gram.get(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-9));
            }
        }
    }
}
