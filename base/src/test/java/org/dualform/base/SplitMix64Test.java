package org.dualform.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SplitMix64Test {
    /** First outputs for seed 1234567, as the algorithm's public reference implementations give them. */
    @Example
    void givesThePublishedSequence() {
        SplitMix64 random = new SplitMix64(1234567);
        assertThat(List.of(random.nextLong(), random.nextLong(), random.nextLong()))
                .containsExactly(6457827717110365317L, 3203168211198807973L, -8629252141511181193L);
    }

    @Property
    void drawsStayBelowTheirBound(@ForAll long seed, @ForAll @IntRange(min = 1) int bound) {
        SplitMix64 random = new SplitMix64(seed);
        assertThat(random.nextInt(bound)).isBetween(0, bound - 1);
    }

    @Property
    void samplesHoldEveryElementAtMostOnce(@ForAll long seed, @ForAll @IntRange(min = 0, max = 30) int count) {
        List<Integer> pool = IntStream.range(0, 30).boxed().toList();
        List<Integer> sample = new SplitMix64(seed).sample(pool, count);
        assertThat(sample).hasSize(count).isSubsetOf(pool);
        assertThat(new HashSet<>(sample)).hasSize(count);
    }

    @Example
    void normalsHaveMeanZeroAndVarianceOne() {
        SplitMix64 random = new SplitMix64(3);
        double[] draws = IntStream.range(0, 40_000)
                .mapToDouble(i -> random.nextGaussian())
                .toArray();
        double mean = IntStream.range(0, draws.length)
                .mapToDouble(i -> draws[i])
                .average()
                .orElseThrow();
        double square = IntStream.range(0, draws.length)
                .mapToDouble(i -> draws[i] * draws[i])
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(0, within(0.02));
        assertThat(square).isCloseTo(1, within(0.03));
    }

    @Example
    void streamsOfOneSeedDiffer() {
        assertThat(IntStream.range(0, 1000)
                        .mapToLong(i -> SplitMix64.stream(5, i).nextLong())
                        .distinct())
                .hasSize(1000);
    }
}
