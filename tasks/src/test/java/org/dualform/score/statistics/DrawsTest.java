package org.dualform.score.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DrawsTest {
    @Test
    void aQuantileLiesOnTheLineBetweenItsNeighbours() {
        double[] sorted = {1, 2, 4, 8};
        assertThat(CrossedBootstrap.quantile(sorted, 0)).isEqualTo(1);
        assertThat(CrossedBootstrap.quantile(sorted, .25)).isCloseTo(1.75, within(1e-12));
        assertThat(CrossedBootstrap.quantile(sorted, .5)).isCloseTo(3, within(1e-12));
        assertThat(CrossedBootstrap.quantile(sorted, .9)).isCloseTo(6.8, within(1e-12));
        assertThat(CrossedBootstrap.quantile(sorted, 1)).isEqualTo(8);
    }

    /** Of two examples, 0 and 1, two are drawn: the mean is 0 or 1 in a quarter of the draws each, and else a half. */
    @Test
    void asManyExamplesAreDrawnAsThereAre() {
        CrossedBootstrap.Draws draws = CrossedBootstrap.draws(new double[][] {{0, 1}}, new double[][] {{1, 1}});
        int[] halves = new int[3];
        for (int draw = 0; draw < CrossedBootstrap.DRAWS; draw++) {
            double twice = 2 * draws.value(draw);
            assertThat(twice).isIn(0.0, 1.0, 2.0);
            halves[(int) twice]++;
        }
        for (int ends : new int[] {0, 2}) assertThat(halves[ends] / 2000.0).isCloseTo(.25, within(.04));
    }
}
