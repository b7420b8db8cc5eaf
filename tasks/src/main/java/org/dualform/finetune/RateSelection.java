package org.dualform.finetune;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.finetune.train.Tuned;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.infer.QueryScorer;
import org.dualform.infer.ShotSweep;
import org.dualform.model.Decoder;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.arm.Tuning;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the learning rate. It fine-tunes on all demonstrations at each rate of a grid, and takes the rate after which
 * the right labels of held-out training rows are most likely, zero-shot. The evaluated rows play no part.
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

    private static final String WHAT = "choosing the learning rate";

    /** The place of the best rate in the grid. */
    public enum Place {
        /** The rates on both sides are worse. */
        INSIDE,
        /** The best rate is the smallest; a smaller one might be better. */
        LOWEST,
        /** The best rate is the largest; a larger one might be better. */
        HIGHEST,
        /** Training diverged at every rate; the smallest takes the place of the best. */
        ALL_DIVERGED
    }

    /**
     * A rate that was tried.
     *
     * @param meanLogLikelihood the mean log-likelihood of the right label over the rows, in nats; null if training or
     *     the logits diverged
     * @param accuracy the share of rows answered correctly, for information; null in the same cases
     * @param divergence such as "diverged at step 3"; null if training did not diverge
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Point(
            double learningRate,
            @Nullable Double meanLogLikelihood,
            @Nullable Double accuracy,
            @Nullable String divergence) {}

    /**
     * The choice, and everything it was made from.
     *
     * @param untuned the score without fine-tuning, as a point of rate 0
     * @param grid all rates that were tried, ascending
     * @param shots the number of demonstrations trained on
     * @param rows the number of held-out rows
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Selection(
            double learningRate, Place place, Point untuned, List<Point> grid, int shots, int passes, int rows) {}

    private final Decoder base;
    private final PromptSet prompts;
    private final Tuning tuning;
    private final int passes;
    private final ShotSweep sweep;

    /** A selection for fine-tuning as Dai et al. 2022 do it. */
    public RateSelection(Decoder base, PromptSet prompts, int passes) {
        this(base, prompts, Tuning.STANDARD, passes, QueryScorer.CHUNK_ROWS);
    }

    /**
     * @param tuning how to fine-tune
     * @param prompts the demonstrations of the largest shot count; its queries are training rows that are never
     *     demonstrations
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
        this.tuning = tuning;
        this.passes = passes;
        this.sweep = new ShotSweep(prompts, chunkRows);
    }

    /** As {@link #select(NDManager, List, Criterion, Progress)}, by likelihood. */
    public Selection select(NDManager manager, List<Double> rates, Progress progress) {
        return select(manager, rates, Criterion.LIKELIHOOD, progress);
    }

    /** What makes a rate the best. */
    public enum Criterion {
        /** The mean log-likelihood of the right label. It also distinguishes rates of equal accuracy. */
        LIKELIHOOD,
        /** Accuracy, as in Dai et al. 2022; among equals the more likely. */
        ACCURACY
    }

    /** Tries every rate. Memory is freed after each. */
    public Selection select(NDManager manager, List<Double> rates, Criterion criterion, Progress progress) {
        List<Double> ascending = rates.stream().sorted().toList();
        var tuner = new FineTuning(base, tuning, passes, prompts);
        int shots = tuner.demonstrations();
        long steps = tuner.steps(List.of(shots));
        int rows = prompts.queries().size();
        long each = steps + rows;
        long total = rows + ascending.size() * each;

        Point untuned = evaluate(manager, base, 0, (what, done, of) -> progress.at(WHAT, done, total));
        var grid = new ArrayList<Point>();
        for (double rate : ascending) {
            long before = rows + grid.size() * each;
            try (NDManager scope = manager.newSubManager()) {
                Tuned trained = tuner.train(
                        scope, List.of(shots), rate, (what, done, of) -> progress.at(WHAT, before + done, total));
                String divergence = Objects.requireNonNull(
                                trained.training().shots().get(shots))
                        .divergence();
                grid.add(
                        divergence != null
                                ? new Point(rate, null, null, divergence)
                                : evaluate(
                                        scope,
                                        rate,
                                        trained.update(),
                                        (what, done, of) -> progress.at(WHAT, before + steps + done, total)));
            }
        }
        progress.at(WHAT, total, total);
        return choose(untuned, grid, criterion, shots);
    }

    private Point evaluate(NDManager manager, double rate, WeightUpdate update, Progress progress) {
        try (TunedModel tuned =
                new TunedModel(manager, base, update, update.shots().last())) {
            return evaluate(manager, tuned.decoder(), rate, progress);
        }
    }

    private Point evaluate(NDManager manager, Decoder decoder, double rate, Progress progress) {
        HeldOutScore score = HeldOutScore.of(manager, decoder, sweep, 0, progress);
        return new Point(rate, score.meanLogLikelihood(), score.accuracy(), score.reason());
    }

    /** The best rate; among equals the smaller. */
    private Selection choose(Point untuned, List<Point> grid, Criterion criterion, int shots) {
        int best = -1;
        HeldOutScore highest = HeldOutScore.NONE;
        for (int i = 0; i < grid.size(); i++) {
            Point point = grid.get(i);
            var score = new HeldOutScore(point.meanLogLikelihood(), point.accuracy(), point.divergence());
            if (score.isBetterThan(highest, criterion)) {
                best = i;
                highest = score;
            }
        }
        Place place = best < 0
                ? Place.ALL_DIVERGED
                : best == 0 ? Place.LOWEST : best == grid.size() - 1 ? Place.HIGHEST : Place.INSIDE;
        double rate = grid.get(Math.max(best, 0)).learningRate();
        return new Selection(
                rate, place, untuned, grid, shots, passes, prompts.queries().size());
    }
}
