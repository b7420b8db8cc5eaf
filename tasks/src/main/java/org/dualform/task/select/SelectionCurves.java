package org.dualform.task.select;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.dualform.contract.Progress;
import org.dualform.finetune.FineTuning;
import org.dualform.finetune.HeldOutScore;
import org.dualform.finetune.TunedSweep;
import org.dualform.finetune.train.Tuned;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.SelectionCurve;
import org.dualform.spec.Method;
import org.dualform.task.parameters.SelectParameters;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates both methods on the selection rows at every shot count, with the first seed's demonstrations: one shot
 * sweep, one training. It does not use the reported rows.
 */
final class SelectionCurves {
    private final SelectParameters parameters;
    private final PromptSet prompts;
    private final ShotSweep sweep;
    private final List<Integer> counts;

    /** @param prompts a cell's demonstrations, with the selection rows as queries */
    SelectionCurves(SelectParameters parameters, PromptSet prompts) {
        this.parameters = parameters;
        this.prompts = prompts;
        this.sweep = new ShotSweep(prompts, parameters.chunkRows());
        this.counts = prompts.distinctTrueShots().stream().filter(k -> k > 0).toList();
    }

    /** @param rate the learning rate; empty without fine-tuning */
    SelectionCurve measure(LanguageModel model, OptionalDouble rate, Progress progress) {
        List<SelectionCurve.Point> points = new ArrayList<>();
        if (parameters.methods().contains(Method.ICL) && !counts.isEmpty()) {
            add(
                    points,
                    Method.ICL,
                    sweep.run(model.manager(), model.decoder(), counts, "icl on selection rows", progress)
                            .shots());
        }
        if (rate.isPresent() && !counts.isEmpty()) {
            add(points, Method.FT, tuned(model, rate.getAsDouble(), progress));
        }
        return new SelectionCurve(
                parameters.use().model().name(),
                parameters.inputs().dataset().name(),
                parameters.seeds().get(0),
                prompts.queries().size(),
                points);
    }

    private Map<Integer, ShotSweep.Shot> tuned(LanguageModel model, double rate, Progress progress) {
        FineTuning tuner = new FineTuning(model.decoder(), parameters.tuning(), parameters.passes(), prompts);
        try (NDManager owner = model.manager().newSubManager()) {
            Tuned trained = tuner.train(owner, counts, rate, progress);
            if (trained.update().shots().isEmpty()) return Map.of();
            return new TunedSweep(sweep)
                    .run(
                            owner,
                            model.decoder(),
                            trained.update(),
                            trained.update().shots(),
                            "ft on selection rows",
                            progress)
                    .shots();
        }
    }

    /** Adds the points under their requested shot counts. */
    private void add(List<SelectionCurve.Point> points, Method method, Map<Integer, ShotSweep.Shot> shots) {
        for (PromptSet.ShotCount count : prompts.shots()) {
            if (count.trueShots() > 0) points.add(point(method, count.requested(), shots.get(count.trueShots())));
        }
    }

    private static SelectionCurve.Point point(Method method, int requested, ShotSweep.@Nullable Shot shot) {
        ScoredMethod scored = ScoredMethod.of(method.id());
        if (shot == null) return new SelectionCurve.Point(scored, requested, null, null);
        HeldOutScore score = HeldOutScore.of(scored, shot.predictions());
        return new SelectionCurve.Point(scored, requested, score.accuracy(), score.meanLogLikelihood());
    }
}
