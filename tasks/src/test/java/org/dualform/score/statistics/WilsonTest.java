package org.dualform.score.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.dualform.score.metric.Interval;

class WilsonTest {
    @Example
    void agreesWithNewcombesWorkedExamples() {
        // Newcombe 1998, table I, method 3: 81/263 and 15/148, and the two ends.
        assertInterval(Wilson.interval(81, 263), .2553, .3662);
        assertInterval(Wilson.interval(15, 148), .0624, .1605);
        assertInterval(Wilson.interval(0, 20), .0000, .1611);
        assertInterval(Wilson.interval(1, 29), .0061, .1718);
    }

    private static void assertInterval(Interval interval, double low, double high) {
        assertThat(interval.low()).isCloseTo(low, within(5e-5));
        assertThat(interval.high()).isCloseTo(high, within(5e-5));
    }

    @Property
    void holdsTheShareAndMirrors(@ForAll @IntRange(min = 1, max = 500) int n, @ForAll @IntRange(max = 500) int hits) {
        int k = Math.min(n, hits);
        Interval interval = Wilson.interval(k, n);
        Interval mirrored = Wilson.interval(n - k, n);
        assertThat(interval.low()).isBetween(0.0, (double) k / n);
        assertThat(interval.high()).isBetween((double) k / n, 1.0);
        assertThat(mirrored.low()).isCloseTo(1 - interval.high(), within(1e-12));
    }

    @Example
    void coversTheTrueShareAboutNinetyFiveTimesInAHundred() {
        SplittableRandom random = new SplittableRandom(1);
        int covered = 0;
        int trials = 4000;
        for (int t = 0; t < trials; t++) {
            double truth = .1 + .8 * random.nextDouble();
            int hits = 0;
            for (int i = 0; i < 60; i++) {
                hits += random.nextDouble() < truth ? 1 : 0;
            }
            Interval interval = Wilson.interval(hits, 60);
            covered += interval.low() <= truth && truth <= interval.high() ? 1 : 0;
        }
        assertThat((double) covered / trials).isBetween(.935, .97);
    }

    @Example
    void refusesNoTrials() {
        assertThatThrownBy(() -> Wilson.interval(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
