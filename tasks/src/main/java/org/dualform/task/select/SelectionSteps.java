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
import org.dualform.score.result.SelectionCurve;
import org.dualform.spec.Method;
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

    /** A selection in which nothing is computed. */
    static SelectionFile withoutModel(SelectParameters parameters) {
        return new SelectionFile(unchosen(parameters), null, Map.of(), Map.of(), null);
    }

    /** @throws UserException if a choice is needed and no training row is left for it */
    SelectionFile take(SelectionNeed need) {
        List<LabelledRow> training = SelectionRows.training(parameters, prompts, facts);
        List<LabelledRow> rows = parameters.selectOn() == SelectOn.REPORTED ? prompts.evaluated() : training;
        if (need.choice() && rows.isEmpty()) throw nothingToChooseOn();
        RateChoice rate = need.rate() ? chosenRate(assemble(rows)) : unchosen(parameters);
        Map<Method, CandidateChoice> chosen = new TreeMap<>();
        Map<Method, List<SelectionFile.Tried>> tried = new TreeMap<>();
        if (need.candidates()) {
            new CandidateSelection(parameters, prompts, rows, facts, model, rate.learningRate(), progress)
                    .choose()
                    .forEach((method, choice) -> {
                        chosen.put(method, choice.choice());
                        tried.put(method, choice.tried());
                    });
        }
        return new SelectionFile(
                rate,
                need.choice() ? new SelectionFile.Rows(parameters.selectOn(), rows.size()) : null,
                chosen,
                tried,
                need.curves() ? curve(training, rate.learningRate()) : null);
    }

    private static RateChoice unchosen(SelectParameters parameters) {
        if (!parameters.methods().contains(Method.FT)) return new RateChoice.None();
        return new RateChoice.Given(parameters.learningRate().given().orElseThrow());
    }

    private RateChoice chosenRate(PromptSet assembled) {
        return new RateChoice.Chosen(new RateSelection(
                        model.decoder(), assembled, parameters.tuning(), parameters.passes(), parameters.chunkRows())
                .select(
                        model.manager(),
                        parameters.rates(),
                        parameters.selectOn() == SelectOn.REPORTED
                                ? RateSelection.Criterion.ACCURACY
                                : RateSelection.Criterion.LIKELIHOOD,
                        progress));
    }

    /**
     * Measures the curves by which a reader chooses a method and a shot count. They are always measured on training
     * rows, wherever the rate was chosen. Null if no training row is left; the study then continues without them.
     */
    private @Nullable SelectionCurve curve(List<LabelledRow> training, OptionalDouble rate) {
        if (training.isEmpty()) return null;
        return new SelectionCurves(parameters, assemble(training)).measure(model, rate, progress);
    }

    private PromptSet assemble(List<LabelledRow> queries) {
        return prompts.assemble(
                parameters.seeds().get(0), parameters.orders().get(0), queries, facts.pieces(), facts.positions());
    }

    private UserException nothingToChooseOn() {
        return UserException.data("No training row of " + prompts.dataset().name()
                + " is left to choose on: all are demonstrations or too long. Give a learning rate and leave select off,"
                + " or ask for fewer shots, or give more training rows.");
    }
}
