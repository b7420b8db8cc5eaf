package org.dualform.score.race;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds the best of several candidates on rows in random order without scoring every candidate on every row. All are
 * scored on a first slice; then the slice is doubled again and again, for those that may still win. A candidate is
 * dropped if its lead over the one in front is at most {@link Criterion#MARGIN}, by a one-sided interval, and at once if
 * its scores are undefined. The race ends when one is left, or with the last row.
 *
 * <p>The intervals share an error of {@value #ERROR}: it is divided by the number of slices and of rivals (Bonferroni),
 * since the candidate that is best on all rows may be dropped at any slice, by any rival (Maron and Moore 1997).
 */
public final class Race {
    /** The probability that the best of all rows is dropped although its lead exceeds the margin. */
    public static final double ERROR = 0.05;

    /** Rows of the first slice. */
    public static final int FIRST_SLICE = 16;

    private final Criterion criterion;
    private final int rows;

    /** @param rows the number of rows that there are, in random order */
    public Race(Criterion criterion, int rows) {
        this.criterion = criterion;
        this.rows = rows;
    }

    /** The numbers of rows after which candidates are compared, ascending; the last is {@code rows}. */
    public static List<Integer> slices(int rows) {
        List<Integer> slices = new ArrayList<>();
        for (int n = FIRST_SLICE; n < rows; n *= 2) slices.add(n);
        slices.add(rows);
        return List.copyOf(slices);
    }

    /**
     * The rows that a race scores, over all candidates, if the same share of them stays after each slice.
     *
     * @param left the share that stays
     */
    public static long expectedRows(int candidates, int rows, double left) {
        long scored = 0;
        int before = 0;
        int running = candidates;
        for (int slice : slices(rows)) {
            scored += (long) running * (slice - before);
            before = slice;
            running = (int) Math.ceil(running * left);
            if (running <= 1) break;
        }
        return scored;
    }

    /**
     * The course of a race.
     *
     * @param winner the index of the best; empty if the scores of all are undefined
     * @param scores the scores of each contestant, as many as it was scored on; empty if they are undefined
     */
    public record Outcome(OptionalInt winner, List<List<RowScore>> scores) {
        public Outcome {
            scores = List.copyOf(scores);
        }
    }

    /** Lets the contestants race. */
    public Outcome run(List<? extends Contestant> contestants) {
        List<List<RowScore>> scores = new ArrayList<>();
        contestants.forEach(contestant -> scores.add(List.of()));
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < contestants.size(); i++) left.add(i);
        OptionalInt front = OptionalInt.empty();
        List<Integer> slices = slices(rows);
        for (int slice : slices) {
            left.removeIf(i -> {
                Optional<List<RowScore>> found = contestants.get(i).upTo(slice);
                scores.set(i, found.orElse(List.of()));
                return found.isEmpty();
            });
            front = front(left, contestants, scores);
            if (front.isEmpty() || slice == rows) break;
            int first = front.getAsInt();
            double error = ERROR / slices.size() / Math.max(1, contestants.size() - 1);
            left.removeIf(i -> i != first
                    && PairedLead.atMost(criterion, scores.get(i), scores.get(first), rows, error) <= Criterion.MARGIN);
            if (left.size() == 1) break;
        }
        return new Outcome(front, scores);
    }

    private OptionalInt front(List<Integer> left, List<? extends Contestant> contestants, List<List<RowScore>> scores) {
        Comparator<Integer> better = Comparator.<Integer>comparingDouble(i -> criterion.mean(scores.get(i)))
                .thenComparing(
                        Comparator.<Integer>comparingInt(i -> contestants.get(i).rank())
                                .reversed())
                .thenComparingDouble(i -> Criterion.LIKELIHOOD.mean(scores.get(i)))
                .thenComparing(Comparator.<Integer>reverseOrder());
        return left.stream().max(better).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }
}
