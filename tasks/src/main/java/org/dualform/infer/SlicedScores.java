package org.dualform.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dualform.score.race.Contestant;
import org.dualform.score.race.RowScore;

/** A candidate's scores of the rows so far. A row is scored once. */
public final class SlicedScores implements Contestant {
    /** Computes the answers to some rows. */
    @FunctionalInterface
    public interface Slice {
        /**
         * @param from the first row's index
         * @param to the index after the last row's
         * @return one prediction for each row; fewer if there is none, because training diverged
         */
        List<Prediction> score(int from, int to);
    }

    private final Slice slice;
    private final int rank;
    private final List<RowScore> scores;
    private boolean undefined;

    /**
     * @param rank as {@link Contestant#rank()}
     * @param known the scores of the first rows, where they were computed before
     */
    public SlicedScores(int rank, List<RowScore> known, Slice slice) {
        this.rank = rank;
        this.scores = new ArrayList<>(known);
        this.slice = slice;
    }

    @Override
    public Optional<List<RowScore>> upTo(int rows) {
        int from = scores.size();
        if (from < rows && !undefined) {
            List<Prediction> next = slice.score(from, rows);
            undefined = next.size() < rows - from || !next.stream().allMatch(Prediction::defined);
            if (!undefined) next.forEach(prediction -> scores.add(of(prediction)));
        }
        return undefined ? Optional.empty() : Optional.of(List.copyOf(scores.subList(0, rows)));
    }

    @Override
    public int rank() {
        return rank;
    }

    private static RowScore of(Prediction prediction) {
        return new RowScore(prediction.scores().get(prediction.gold()), prediction.predicted() == prediction.gold());
    }
}
