package org.dualform.score.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RowProductsTest {
    /** Sizes on both sides of every block's end. */
    @Property(tries = 200)
    void areWhatOneSumForEachPairGives(
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 140) int vectors,
            @ForAll @IntRange(min = 0, max = 2) int skipped,
            @ForAll long seed) {
        Random random = new Random(seed);
        int offset = 3;
        float[][] queries = new float[rows][];
        for (int row = 0; row < rows; row++) queries[row] = numbers(random, offset + width);
        float[] trained = numbers(random, (skipped + vectors) * width);
        double[][] products = new RowProducts(queries, offset, width).with(trained, skipped * width);
        assertThat(products).hasNumberOfRows(vectors);
        for (int v = 0; v < vectors; v++) {
            for (int row = 0; row < rows; row++) {
                double expected = 0;
                for (int i = 0; i < width; i++) {
                    expected += (double) queries[row][offset + i] * trained[(skipped + v) * width + i];
                }
                assertThat(products[v][row]).isCloseTo(expected, within(1e-12));
            }
        }
    }

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) numbers[i] = (float) random.nextGaussian();
        return numbers;
    }
}
