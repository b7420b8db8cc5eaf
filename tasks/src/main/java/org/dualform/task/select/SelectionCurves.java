package org.dualform.task.select;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.dualform.contract.Progress;
import org.dualform.finetune.FineTuning;
import org.dualform.finetune.HeldOutScore;
import org.dualform.finetune.TunedModel;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.infer.Prediction;
import org.dualform.infer.SlicedScores;
import org.dualform.infer.SlicedSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.race.Criterion;
import org.dualform.score.race.Race;
import org.dualform.score.race.RowScore;
import org.dualform.score.result.SelectionCurve;
import org.dualform.spec.Method;
import org.dualform.task.parameters.SelectParameters;

/**
 * Lets both methods at every shot count race for the highest accuracy on the selection rows, with the first seed's
 * demonstrations: one prefill, one training. It does not use the reported rows.
 */
final class SelectionCurves {
    private static final String WHAT = "shot counts on selection rows";

    private final SelectParameters parameters;
    private final PromptSet prompts;
    private final List<Integer> counts;
    private final int rows;
    private long evaluations;

    /** A method at a true shot count. */
    private record Entry(ScoredMethod method, int shots, SlicedScores scores) {}

    /** @param prompts a cell's demonstrations, with the selection rows as queries */
    SelectionCurves(SelectParameters parameters, PromptSet prompts) {
        this.parameters = parameters;
        this.prompts = prompts;
        this.counts = prompts.distinctTrueShots().stream().filter(k -> k > 0).toList();
        this.rows = prompts.queries().size();
    }

    /** The number of rows answered so far, over all points. */
    long evaluations() {
        return evaluations;
    }

    /**
     * @param rate the learning rate; empty without fine-tuning
     * @param tuned what is known already of fine-tuning on all demonstrations at this rate
     */
    SelectionCurve measure(LanguageModel model, OptionalDouble rate, List<RowScore> tuned, Progress progress) {
        List<SelectionCurve.Point> points = new ArrayList<>();
        if (!counts.isEmpty()) {
            try (NDManager owner = model.manager().newSubManager()) {
                points.addAll(raced(owner, model, rate, tuned, new Rows(progress)));
            }
        }
        return new SelectionCurve(
                parameters.use().model().name(),
                parameters.inputs().dataset().name(),
                parameters.seeds().get(0),
                rows,
                points);
    }

    /** Counts the rows that are scored. */
    private final class Rows {
        private final Progress progress;

        Rows(Progress progress) {
            this.progress = progress;
        }

        List<Prediction> scored(List<Prediction> predictions) {
            evaluations += predictions.size();
            tell();
            return predictions;
        }

        void tell() {
            progress.at(WHAT, evaluations, (long) parameters.methods().size() * counts.size() * rows);
        }
    }

    private List<SelectionCurve.Point> raced(
            NDManager owner, LanguageModel model, OptionalDouble rate, List<RowScore> tuned, Rows rowsDone) {
        int largest = counts.get(counts.size() - 1);
        boolean icl = parameters.methods().contains(Method.ICL);
        try (SlicedSweep sweep =
                new SlicedSweep(owner, model.decoder(), prompts, icl ? largest : 0, parameters.chunkRows())) {
            List<Entry> entries = new ArrayList<>();
            if (icl)
                for (int k : counts)
                    entries.add(new Entry(
                            ScoredMethod.ICL,
                            k,
                            new SlicedScores(
                                    k,
                                    List.of(),
                                    (from, to) -> rowsDone.scored(sweep.score(k, from, to, rowsDone::tell)))));
            if (rate.isPresent()) {
                WeightUpdate update = train(owner, model, rate.getAsDouble(), rowsDone);
                for (int k : counts)
                    entries.add(new Entry(
                            ScoredMethod.FT,
                            k,
                            new SlicedScores(
                                    k,
                                    k == largest ? tuned : List.of(),
                                    (from, to) -> rowsDone.scored(
                                            answers(owner, model, update, k, from, to, rowsDone::tell)))));
            }
            Race.Outcome outcome = new Race(Criterion.ACCURACY, rows)
                    .run(entries.stream().map(Entry::scores).toList());
            return points(entries, outcome);
        }
    }

    private WeightUpdate train(NDManager owner, LanguageModel model, double rate, Rows rowsDone) {
        return new FineTuning(model.decoder(), parameters.tuning(), parameters.passes(), prompts)
                .train(owner, counts, rate, (what, done, total) -> rowsDone.tell())
                .update();
    }

    /** Empty if training diverged before this count. */
    private List<Prediction> answers(
            NDManager owner, LanguageModel model, WeightUpdate update, int shots, int from, int to, Runnable between) {
        if (!update.shots().contains(shots)) return List.of();
        try (TunedModel tuned = new TunedModel(owner, model.decoder(), update, shots);
                SlicedSweep sweep = new SlicedSweep(owner, tuned.decoder(), prompts, 0, parameters.chunkRows())) {
            return sweep.score(0, from, to, between);
        }
    }

    /** The points under their requested shot counts. */
    private List<SelectionCurve.Point> points(List<Entry> entries, Race.Outcome outcome) {
        List<SelectionCurve.Point> points = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            List<RowScore> scores = outcome.scores().get(i);
            HeldOutScore score = HeldOutScore.of(scores);
            for (PromptSet.ShotCount count : prompts.shots()) {
                if (entry.shots() != count.trueShots()) continue;
                points.add(new SelectionCurve.Point(
                        entry.method(), count.requested(), score.accuracy(), score.meanLogLikelihood(), scores.size()));
            }
        }
        return points;
    }
}
