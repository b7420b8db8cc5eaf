package org.dualform.score.similarity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class RankingTest {
    @Property
    void isTheStableOrderOfTheNumbers(@ForAll("numbers") List<Double> numbers) {
        double[] values = numbers.stream().mapToDouble(v -> v).toArray();
        Ranking ranking = Ranking.of(values);
        int[] expected = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i] + 0.0))
                .mapToInt(i -> i)
                .toArray();
        for (int p = 0; p < expected.length; p++) {
            int index = ranking.at(p);
            assertThat(index).isEqualTo(expected[p]);
            assertThat(ranking.place(index)).isEqualTo(p);
            assertThat(ranking.first(index)).isEqualTo((int)
                    Arrays.stream(values).filter(v -> v < values[index]).count());
            assertThat(ranking.end(index)).isEqualTo((int)
                    Arrays.stream(values).filter(v -> v <= values[index]).count());
        }
    }

    /** Also numbers that are equal in single precision only, many of them, of both signs, and of every size. */
    @Provide
    Arbitrary<List<Double>> numbers() {
        Arbitrary<Double> near = Arbitraries.integers().between(-20, 20).map(i -> 1 + i * 1e-12);
        Arbitrary<Double> any = Arbitraries.doubles().between(-1e300, 1e300);
        Arbitrary<Double> few = Arbitraries.of(-1.5, -0.0, 0.0, 1e-310, 2.0, -1e38, 1e39, 1e40);
        return Arbitraries.frequencyOf(Tuple.of(3, near), Tuple.of(2, any), Tuple.of(1, few))
                .list()
                .ofMinSize(1)
                .ofMaxSize(150);
    }

    @Property
    void roundedNumbersRankAsIfRankedAnew(@ForAll("numbers") List<Double> numbers) {
        double[] values = numbers.stream().mapToDouble(v -> v).toArray();
        double[] rounded = Arrays.stream(values).map(v -> (float) (v / 1e300)).toArray();
        Ranking anew = Ranking.of(rounded);
        Ranking blurred = Ranking.of(values).blurred(rounded);
        for (int p = 0; p < values.length; p++) {
            assertThat(blurred.place(blurred.at(p))).isEqualTo(p);
            assertThat(blurred.first(p)).isEqualTo(anew.first(p));
            assertThat(blurred.end(p)).isEqualTo(anew.end(p));
        }
        assertThat(blurred.ties()).isEqualTo(anew.ties());
    }

    @Example
    void theGreatestOfEqualNumbersAreTheFirst() {
        Ranking ranking = Ranking.of(new double[] {1, 3, 2, 3, 3, 2});
        assertThat(ranking.greatest(2)).containsExactly(false, true, false, true, false, false);
        assertThat(ranking.greatest(4)).containsExactly(false, true, true, true, true, false);
        assertThat(ranking.greatest(9)).containsOnly(true);
    }
}
