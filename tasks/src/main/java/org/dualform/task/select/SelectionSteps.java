package org.dualform.task.select;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.data.LabelledRow;
import org.dualform.finetune.RateSelection;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.score.race.Criterion;
import org.dualform.score.race.RowScore;
import org.dualform.score.result.SelectionCurve;
import org.dualform.spec.Method;
import org.dualform.spec.choice.LearningRate;
import org.dualform.spec.choice.SelectOn;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.cell.SelectionRows;
import org.dualform.task.file.CandidateChoice;
import org.dualform.task.file.RateChoice;
import org.dualform.task.file.SelectionFile;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.parameters.SelectionNeed;
import org.dualform.task.source.ModelFacts;
import org.jspecify.annotations.Nullable;

/**
 * Takes the three steps of a selection: the learning rate, each method's candidate, and the curves. Each step uses the
 * choices of the one before it. The rate and the curves use the first seed's demonstrations in the first order and
 * template. The chosen rate serves all seeds, orders and templates.
 */
final class SelectionSteps {
    private final SelectParameters parameters;
    private final CellPrompts prompts;
    private final ModelFacts facts;
    private final LanguageModel model;
    private final Progress progress;
    private long evaluations;

    SelectionSteps(
            SelectParameters parameters,
            CellPrompts prompts,
            ModelFacts facts,
            LanguageModel model,
            Progress progress) {
        this.parameters = parameters;
        this.prompts = prompts;
        this.facts = facts;
        this.model = model;
        this.progress = progress;
    }

    /**
     * A selection, and its cost.
     *
     * @param evaluations the number of rows answered, over all candidates
     */
    record Taken(SelectionFile file, long evaluations) {}

    /** A selection in which nothing is computed. */
    static Taken withoutModel(SelectParameters parameters) {
        return new Taken(new SelectionFile(unchosen(parameters), null, Map.of(), Map.of(), null), 0);
    }

    /** @throws UserException if a choice is needed and no training row is left for it */
    Taken take(SelectionNeed need) {
        List<LabelledRow> training = SelectionRows.training(parameters, prompts, facts);
        List<LabelledRow> rows = SelectionRows.choosing(parameters, prompts, training);
        if (need.choice() && rows.isEmpty()) throw nothingToChooseOn();
        RateSelection.Raced raced = need.rate() ? race(assemble(rows)) : null;
        if (raced != null) evaluations += raced.evaluations();
        RateChoice rate = raced == null ? unchosen(parameters) : new RateChoice.Chosen(raced.selection());
        // Scores of other rows say nothing about the training rows.
        List<RowScore> known = raced == null || parameters.selectOn() == SelectOn.REPORTED ? List.of() : raced.scores();
        Map<Method, CandidateChoice> chosen = new TreeMap<>();
        Map<Method, List<SelectionFile.Tried>> tried = new TreeMap<>();
        if (need.candidates()) {
            var candidates =
                    new CandidateSelection(parameters, prompts, rows, facts, model, rate.learningRate(), progress);
            candidates.choose().forEach((method, choice) -> {
                chosen.put(method, choice.choice());
                tried.put(method, choice.tried());
            });
            evaluations += candidates.evaluations();
        }
        SelectionFile file = new SelectionFile(
                rate,
                need.choice() ? new SelectionFile.Rows(parameters.selectOn(), rows.size()) : null,
                chosen,
                tried,
                need.curves() ? curve(training, rate.learningRate(), known) : null);
        return new Taken(file, evaluations);
    }

    private static RateChoice unchosen(SelectParameters parameters) {
        if (!parameters.methods().contains(Method.FT)) return new RateChoice.None();
        OptionalDouble given = parameters.learningRate().given();
        return given.isPresent()
                ? new RateChoice.Given(given.getAsDouble())
                : new RateChoice.Unchosen(LearningRate.UNCHOSEN);
    }

    private RateSelection.Raced race(PromptSet assembled) {
        return new RateSelection(
                        model.decoder(), assembled, parameters.tuning(), parameters.passes(), parameters.chunkRows())
                .race(
                        model.manager(),
                        parameters.rates(),
                        parameters.selectOn() == SelectOn.REPORTED ? Criterion.ACCURACY : Criterion.LIKELIHOOD,
                        progress);
    }

    /**
     * Measures the curves by which a reader chooses a method and a shot count. They are always measured on training
     * rows, wherever the rate was chosen. Null if no training row is left; the study then continues without them.
     */
    private @Nullable SelectionCurve curve(List<LabelledRow> training, OptionalDouble rate, List<RowScore> known) {
        if (training.isEmpty()) return null;
        SelectionCurves curves = new SelectionCurves(parameters, assemble(training));
        SelectionCurve curve = curves.measure(model, rate, known, progress);
        evaluations += curves.evaluations();
        return curve;
    }

    private PromptSet assemble(List<LabelledRow> queries) {
        return prompts.assemble(parameters.seeds().get(0), parameters.orders().get(0), queries, facts);
    }

    private UserException nothingToChooseOn() {
        return UserException.data("No training row of " + prompts.dataset().name()
                + " is left to choose on: all are demonstrations or too long. Give a learning rate and leave select off,"
                + " or ask for fewer shots, or give more training rows, or set select_on to none.");
    }
}
