package org.dualform.score.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RaceTest {
    /** Plays back scores, and keeps how far it was asked. */
    private static final class Recorded implements Contestant {
        private final List<RowScore> scores;
        private final int rank;
        private int asked;

        Recorded(List<RowScore> scores, int rank) {
            this.scores = scores;
            this.rank = rank;
        }

        @Override
        public Optional<List<RowScore>> upTo(int rows) {
            if (scores.isEmpty()) return Optional.empty();
            assertThat(rows).isGreaterThan(asked);
            asked = rows;
            return Optional.of(scores.subList(0, rows));
        }

        @Override
        public int rank() {
            return rank;
        }
    }

    /** Scores around a mean, with a part that all candidates share. */
    private static Recorded around(double mean, int rows, long seed, int rank) {
        Random shared = new Random(1);
        Random own = new Random(seed);
        List<RowScore> scores = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            double value = mean + shared.nextGaussian() + 0.3 * own.nextGaussian();
            scores.add(new RowScore(value, own.nextDouble() < 1 / (1 + Math.exp(-value))));
        }
        return new Recorded(scores, rank);
    }

    private static double mean(Criterion criterion, Recorded contestant) {
        return criterion.mean(contestant.scores);
    }

    @Example
    void quantilesAreThoseOfTheTables() {
        assertThat(StudentT.quantile(0.025, 1)).isCloseTo(12.7062, within(1e-4));
        assertThat(StudentT.quantile(0.025, 2)).isCloseTo(4.3027, within(1e-4));
        assertThat(StudentT.quantile(0.0005, 15)).isCloseTo(4.0728, within(1e-4));
        assertThat(StudentT.quantile(0.05, 30)).isCloseTo(1.6973, within(1e-4));
        assertThat(StudentT.quantile(0.025, 199)).isCloseTo(1.9720, within(1e-4));
        assertThat(StudentT.quantile(0.5, 7)).isCloseTo(0, within(1e-9));
    }

    @Example
    void aClearWinnerNeedsOneSliceAndDivergedCandidatesNone() {
        Recorded best = around(2, 200, 2, 0);
        Recorded worse = around(-1, 200, 3, 0);
        Recorded diverged = new Recorded(List.of(), 0);
        Race.Outcome outcome = new Race(Criterion.LIKELIHOOD, 200).run(List.of(worse, diverged, best));
        assertThat(outcome.winner()).hasValue(2);
        assertThat(outcome.scores()).extracting(List::size).containsExactly(16, 0, 16);
    }

    @Example
    void nobodyWinsIfAllDiverged() {
        Race.Outcome outcome = new Race(Criterion.ACCURACY, 20).run(List.of(new Recorded(List.of(), 0)));
        assertThat(outcome.winner()).isEmpty();
        assertThat(outcome.scores()).containsExactly(List.of());
    }

    @Example
    void agreementOnAFewRowsIsNoProofOfAgreement() {
        List<RowScore> one = new ArrayList<>();
        List<RowScore> other = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            one.add(new RowScore(0, i < 16));
            other.add(new RowScore(0, true));
        }
        Race.Outcome outcome =
                new Race(Criterion.ACCURACY, 200).run(List.of(new Recorded(one, 1), new Recorded(other, 2)));
        assertThat(outcome.winner()).hasValue(1);
    }

    @Example
    void amongEqualsTheLowerRankWinsThenTheLikelier() {
        List<RowScore> rows = List.of(new RowScore(-1, true), new RowScore(-2, false));
        List<RowScore> likelier = List.of(new RowScore(-1, true), new RowScore(-1.5, false));
        Race race = new Race(Criterion.ACCURACY, 2);
        assertThat(race.run(List.of(new Recorded(likelier, 4), new Recorded(rows, 2)))
                        .winner())
                .hasValue(1);
        assertThat(race.run(List.of(new Recorded(rows, 4), new Recorded(likelier, 4)))
                        .winner())
                .hasValue(1);
        assertThat(race.run(List.of(new Recorded(rows, 4), new Recorded(rows, 4)))
                        .winner())
                .hasValue(0);
    }

    @Property(tries = 200)
    void withOneSliceTheRaceIsExhaustive(
            @ForAll @IntRange(min = 1, max = Race.FIRST_SLICE) int rows, @ForAll @IntRange(max = 1000) int seed) {
        List<Recorded> all =
                List.of(around(0, rows, seed, 0), around(0.1, rows, seed + 1, 0), around(0.2, rows, seed + 2, 0));
        int winner = new Race(Criterion.LIKELIHOOD, rows).run(all).winner().orElseThrow();
        assertThat(all).allMatch(c -> mean(Criterion.LIKELIHOOD, c) <= mean(Criterion.LIKELIHOOD, all.get(winner)));
    }

    /** Of 400 races, each between eight candidates close to each other, hardly any loses more than the margin. */
    @Example
    void theBestIsHardlyEverLost() {
        for (Criterion criterion : Criterion.values()) {
            int lost = 0;
            long asked = 0;
            for (int repetition = 0; repetition < 400; repetition++) {
                List<Recorded> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) all.add(around(0.15 * i, 200, 8L * repetition + i + 2, i));
                int winner = new Race(criterion, 200).run(all).winner().orElseThrow();
                double best =
                        all.stream().mapToDouble(c -> mean(criterion, c)).max().orElseThrow();
                if (best - mean(criterion, all.get(winner)) > Criterion.MARGIN) lost++;
                asked += all.stream().mapToLong(c -> c.asked).sum();
            }
            assertThat(lost).as(criterion.name()).isLessThanOrEqualTo((int) (400 * Race.ERROR));
            assertThat(asked).as(criterion.name()).isLessThan(400L * 8 * 200);
        }
    }

    @Property(tries = 100)
    void slicesGrowToAllRows(@ForAll @IntRange(min = 1, max = 10_000) int rows) {
        List<Integer> slices = Race.slices(rows);
        assertThat(slices).isSorted().doesNotHaveDuplicates().endsWith(rows);
        assertThat(slices.get(0)).isEqualTo(Math.min(rows, Race.FIRST_SLICE));
    }
}
