package org.dualform.score.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DirectionsTest {
    @Test
    void everyRowIsPairedWithAnotherOnce() {
        for (int rows : new int[] {2, 3, 7, 100}) {
            int[] others = Directions.otherRows(rows);
            assertThat(others).doesNotHaveDuplicates().hasSize(rows);
            for (int i = 0; i < rows; i++) assertThat(others[i]).isNotEqualTo(i);
        }
        assertThat(Directions.otherRows(1)).containsExactly(0);
    }

    /** Of 10,000 numbers the mean lies within four of its standard errors, and so does the variance. */
    @Test
    void directionsHaveTheirDistributionAndAreTheSameEachTime() {
        int size = 10_000;
        double[] normal = Directions.normal(size, 2, 1);
        double mean = Arrays.stream(normal).average().orElseThrow();
        assertThat(mean).isCloseTo(0, within(4 / Math.sqrt(size)));
        assertThat(Arrays.stream(normal).map(x -> x * x).average().orElseThrow())
                .isCloseTo(1, within(4 * Math.sqrt(2.0 / size)));
        assertThat(Directions.normal(size, 2, 1)).containsExactly(normal);
        assertThat(Directions.normal(size, 2, 2)).isNotEqualTo(normal);
        double[] uniform = Directions.uniform(size, 2, 1);
        assertThat(Arrays.stream(uniform)).allMatch(x -> x >= 0 && x < 1);
        assertThat(Arrays.stream(uniform).average().orElseThrow())
                .isCloseTo(.5, within(4 * Math.sqrt(1 / 12.0 / size)));
    }
}
