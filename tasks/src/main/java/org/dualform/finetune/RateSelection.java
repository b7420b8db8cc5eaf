package org.dualform.finetune;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.finetune.train.Stability;
import org.dualform.infer.QueryScorer;
import org.dualform.infer.SlicedScores;
import org.dualform.infer.SlicedSweep;
import org.dualform.model.Decoder;
import org.dualform.prompt.PromptSet;
import org.dualform.score.race.Criterion;
import org.dualform.score.race.Race;
import org.dualform.score.race.RowScore;
import org.dualform.spec.arm.Tuning;
import org.dualform.spec.choice.LearningRate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the learning rate. It fine-tunes on all demonstrations at each rate of a grid, and takes the rate after which
 * the right labels of held-out training rows are most likely, zero-shot. The rates race: see {@link Race}. The evaluated
 * rows play no part.
 */
public final class RateSelection {
    /** Two rates for each power of ten, from 1e-4 to 3e-1. */
    public static final List<Double> GRID = List.of(1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1);

    /** The grid of Dai et al. 2022 (arXiv:2212.10559): {1 … 9} × {0.1, 0.01, 0.001, 0.0001}. */
    public static final List<Double> PAPER_GRID = IntStream.rangeClosed(1, 4)
            .boxed()
            .flatMap(places -> IntStream.rangeClosed(1, 9).mapToObj(n -> Double.parseDouble(n + "e-" + places)))
            .sorted()
            .toList();

    /** The bytes that the updates of all rates may take together between slices. */
    public static final long HELD_BYTES = 256L << 20;

    /** How much smaller each further rate is where the whole grid is too high, and how many are tried. */
    private static final double WIDER = Math.sqrt(10);

    private static final int MOST_WIDER = 6;

    private static final String WHAT = "choosing the learning rate";

    /** The rates that are tried where one is chosen. */
    public static List<Double> rates(LearningRate asked) {
        return asked.paperGrid() ? PAPER_GRID : GRID;
    }

    /** The place of the best rate in the grid. */
    public enum Place {
        /** The rates on both sides are worse. */
        INSIDE,
        /** The best rate is the smallest; a smaller one might be better. */
        LOWEST,
        /** The best rate is the largest; a larger one might be better. */
        HIGHEST,
        /** Training diverged, or was unstable, at every rate; the smallest takes the place of the best. */
        ALL_DIVERGED
    }

    /**
     * A rate that was tried.
     *
     * @param meanLogLikelihood the mean log-likelihood of the right label over its rows, in nats; null if training or
     *     the logits diverged
     * @param accuracy the share of its rows answered correctly, for information; null in the same cases
     * @param rows the number of rows that it was scored on before it was dropped or had won; 0 if it diverged
     * @param divergence such as "diverged at step 3"; null if training did not diverge
     * @param stability how far the result depends on rounding; null unless it won a race, since only a winner is looked at
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Point(
            double learningRate,
            @Nullable Double meanLogLikelihood,
            @Nullable Double accuracy,
            int rows,
            @Nullable String divergence,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Stability stability) {}

    /**
     * The choice, and everything it was made from.
     *
     * @param untuned the score without fine-tuning on the first slice of rows, as a point of rate 0
     * @param grid all rates that were tried, ascending
     * @param shots the number of demonstrations trained on
     * @param rows the number of held-out rows
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Selection(
            double learningRate, Place place, Point untuned, List<Point> grid, int shots, int passes, int rows) {}

    /**
     * A choice, and the winner's scores, which need not be computed again.
     *
     * @param scores the scores of the first rows after training at the chosen rate; empty if all diverged
     * @param evaluations the number of rows answered, over all rates
     */
    public record Raced(Selection selection, List<RowScore> scores, long evaluations) {
        public Raced {
            scores = List.copyOf(scores);
        }
    }

    private final Decoder base;
    private final PromptSet prompts;
    private final FineTuning tuner;
    private final int passes;
    private final int chunkRows;

    /** A selection for fine-tuning as Dai et al. 2022 do it. */
    public RateSelection(Decoder base, PromptSet prompts, int passes) {
        this(base, prompts, Tuning.STANDARD, passes, QueryScorer.CHUNK_ROWS);
    }

    /**
     * @param tuning how to fine-tune
     * @param prompts the demonstrations of the largest shot count; its queries are training rows that are never
     *     demonstrations, in random order
     * @param passes the number of passes over the demonstrations
     * @param chunkRows the number of queries run at once
     */
    public RateSelection(Decoder base, PromptSet prompts, Tuning tuning, int passes, int chunkRows) {
        if (prompts.queries().isEmpty()) {
            throw UserException.data("No training row is left to choose the learning rate on: all are demonstrations."
                    + " Give a learning rate, fewer shots, or more training rows.");
        }
        this.base = base;
        this.prompts = prompts;
        this.tuner = new FineTuning(base, tuning, passes, prompts);
        this.passes = passes;
        this.chunkRows = chunkRows;
    }

    /** As {@link #race}, by likelihood. */
    public Selection select(NDManager manager, List<Double> rates, Progress progress) {
        return race(manager, rates, Criterion.LIKELIHOOD, progress).selection();
    }

    /**
     * Lets the rates race. A winner whose training is unstable is taken out, and the others race again; their rows are
     * not scored again. If no rate of the grid is left, smaller ones are tried. A rate is trained once if the updates of
     * all rates that do not diverge fit into {@link #HELD_BYTES}, and else once for each slice that it is scored on.
     */
    public Raced race(NDManager manager, List<Double> rates, Criterion criterion, Progress progress) {
        int rows = prompts.queries().size();
        long total = (rates.size() + 1L) * rows;
        long[] done = {0};
        IntConsumer scored = n -> {
            done[0] += n;
            progress.at(WHAT, Math.min(done[0], total), total);
        };
        try (NDManager held = manager.newSubManager()) {
            RateTrial.Room room = new RateTrial.Room(held, HELD_BYTES);
            Point untuned = untuned(held, Race.slices(rows).get(0));
            scored.accept(untuned.rows());
            RateRace race = new RateRace(
                    new Race(criterion, rows),
                    rate -> new RateTrial(base, prompts, tuner, rate, chunkRows, room, scored));
            rates.stream().sorted().forEach(race::add);
            OptionalDouble best = race.run();
            for (int i = 0; i < MOST_WIDER && best.isEmpty(); i++) {
                race.add(race.lowest() / WIDER);
                best = race.run();
            }
            progress.at(WHAT, total, total);
            List<Point> grid = race.points();
            double rate = best.orElse(race.lowest());
            Selection selection =
                    new Selection(rate, place(best, grid), untuned, grid, tuner.demonstrations(), passes, rows);
            return new Raced(selection, race.scores(rate), done[0]);
        }
    }

    private static Place place(OptionalDouble best, List<Point> grid) {
        if (best.isEmpty()) return Place.ALL_DIVERGED;
        if (best.getAsDouble() == grid.get(0).learningRate()) return Place.LOWEST;
        return best.getAsDouble() == grid.get(grid.size() - 1).learningRate() ? Place.HIGHEST : Place.INSIDE;
    }

    private Point untuned(NDManager manager, int rows) {
        try (SlicedSweep sweep = new SlicedSweep(manager, base, prompts, 0, chunkRows)) {
            SlicedScores scores = new SlicedScores(0, List.of(), (from, to) -> sweep.score(0, from, to, () -> {}));
            return RateRace.point(0, scores.upTo(rows).orElse(List.of()), null, null);
        }
    }
}
