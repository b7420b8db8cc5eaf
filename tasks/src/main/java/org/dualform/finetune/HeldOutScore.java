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
import org.jspecify.annotations.Nullable;

/**
 * How well a way of answering does on held-out rows.
 *
 * @param meanLogLikelihood of the right label, over the rows, in nats; null if undefined
 * @param accuracy null likewise
 * @param reason why they are undefined; null if they are not
 */
public record HeldOutScore(
        @Nullable Double meanLogLikelihood,
        @Nullable Double accuracy,
        @Nullable String reason) {
    /** Worse than any. */
    static final HeldOutScore NONE = new HeldOutScore(null, null, "nothing was tried");

    private static final String WHAT = "choosing";

    /** Of what {@code method} answered. Where a score is not finite, all of them are undefined. */
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

    /** Of the sweep's queries behind {@code shots} demonstrations. */
    public static HeldOutScore of(NDManager manager, Decoder decoder, ShotSweep sweep, int shots, Progress progress) {
        ShotSweep.Result result = sweep.run(manager, decoder, List.of(shots), WHAT, progress);
        return of(
                shots == 0 ? ScoredMethod.ZSL : ScoredMethod.ICL,
                Objects.requireNonNull(result.shots().get(shots)).predictions());
    }

    /** Zero-shot, after fine-tuning on all of the tuner's demonstrations. */
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

    /** Whether it is better, not equal; what is undefined is never better. */
    public boolean isBetterThan(HeldOutScore other, RateSelection.Criterion criterion) {
        if (meanLogLikelihood == null || accuracy == null) return false;
        if (other.meanLogLikelihood == null || other.accuracy == null) return true;
        if (criterion == RateSelection.Criterion.ACCURACY && !accuracy.equals(other.accuracy))
            return accuracy > other.accuracy;
        return meanLogLikelihood > other.meanLogLikelihood;
    }
}
