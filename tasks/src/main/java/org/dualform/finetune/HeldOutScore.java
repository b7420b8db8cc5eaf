package org.dualform.finetune;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Objects;
import org.dualform.contract.Progress;
import org.dualform.finetune.train.Tuned;
import org.dualform.infer.Prediction;
import org.dualform.infer.ShotSweep;
import org.dualform.model.Decoder;
import org.dualform.score.cell.MethodAnswers;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.race.Criterion;
import org.dualform.score.race.RowScore;
import org.jspecify.annotations.Nullable;

/**
 * How well held-out rows are answered.
 *
 * @param meanLogLikelihood the mean log-likelihood of the right label over the rows, in nats; null if undefined
 * @param accuracy the share of rows answered correctly; null if undefined
 * @param reason why the values are undefined; null if they are not
 */
public record HeldOutScore(
        @Nullable Double meanLogLikelihood,
        @Nullable Double accuracy,
        @Nullable String reason) {
    private static final String WHAT = "choosing";

    /** The score of what {@code method} answered. It is undefined if any answer's scores are not finite. */
    public static HeldOutScore of(ScoredMethod method, List<Prediction> predictions) {
        if (!predictions.stream().allMatch(Prediction::defined)) {
            return new HeldOutScore(null, null, "logits are not finite");
        }
        double likelihood = predictions.stream()
                .mapToDouble(p -> p.scores().get(p.gold()))
                .average()
                .orElseThrow();
        Metric accuracy = MethodAnswers.accuracy(
                method, predictions.stream().map(Prediction::outcome).toList());
        return new HeldOutScore(likelihood, accuracy.value(), null);
    }

    /** The mean of rows' scores; undefined if there are none. */
    public static HeldOutScore of(List<RowScore> rows) {
        if (rows.isEmpty()) return new HeldOutScore(null, null, "logits are not finite");
        return new HeldOutScore(
                rows.stream().mapToDouble(RowScore::logLikelihood).average().orElseThrow(),
                rows.stream().mapToDouble(row -> row.right() ? 1 : 0).average().orElseThrow(),
                null);
    }

    /** The score of the sweep's queries after {@code shots} demonstrations. */
    public static HeldOutScore of(NDManager manager, Decoder decoder, ShotSweep sweep, int shots, Progress progress) {
        ShotSweep.Result result = sweep.run(manager, decoder, List.of(shots), WHAT, progress);
        return of(
                shots == 0 ? ScoredMethod.ZSL : ScoredMethod.ICL,
                Objects.requireNonNull(result.shots().get(shots)).predictions());
    }

    /** The zero-shot score after fine-tuning on all of the tuner's demonstrations. */
    public static HeldOutScore tuned(
            NDManager manager, Decoder base, FineTuning tuner, ShotSweep sweep, double rate, Progress progress) {
        int shots = tuner.demonstrations();
        try (NDManager scope = manager.newSubManager()) {
            Tuned trained = tuner.train(scope, List.of(shots), rate, Progress.none());
            if (trained.update().shots().isEmpty()) {
                String divergence = Objects.requireNonNull(
                                trained.training().shots().get(shots))
                        .divergence();
                return new HeldOutScore(null, null, divergence);
            }
            try (TunedModel tuned = new TunedModel(scope, base, trained.update(), shots)) {
                return of(scope, tuned.decoder(), sweep, 0, progress);
            }
        }
    }

    /** Whether this score is better than another, not equal. A score that is undefined is never better. */
    public boolean isBetterThan(HeldOutScore other, Criterion criterion) {
        if (meanLogLikelihood == null || accuracy == null) return false;
        if (other.meanLogLikelihood == null || other.accuracy == null) return true;
        if (criterion == Criterion.ACCURACY && !accuracy.equals(other.accuracy)) return accuracy > other.accuracy;
        return meanLogLikelihood > other.meanLogLikelihood;
    }
}
