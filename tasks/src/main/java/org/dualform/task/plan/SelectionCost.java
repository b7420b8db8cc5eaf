package org.dualform.task.plan;

import java.util.List;
import org.dualform.data.LabelledRow;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.Template;
import org.dualform.spec.Method;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.cell.SelectionRows;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.parameters.SelectionNeed;
import org.dualform.task.source.ModelFacts;

/**
 * The tokens of a selection: every learning rate's training and its answers, the candidates of seed, order and template,
 * and both methods at every shot count. A training that diverges ends early, so it may take less.
 */
final class SelectionCost {
    private final SelectParameters parameters;
    private final CellPrompts prompts;
    private final ModelFacts model;

    SelectionCost(SelectParameters parameters, CellPrompts prompts, ModelFacts model) {
        this.parameters = parameters;
        this.prompts = prompts;
        this.model = model;
    }

    long tokens() {
        SelectionNeed need = SelectionNeed.of(parameters);
        if (!need.model()) return 0;
        List<LabelledRow> training = SelectionRows.training(parameters, prompts, model);
        List<LabelledRow> rows = SelectionRows.choosing(parameters, prompts, training);
        long tokens = 0;
        if (need.rate() && !rows.isEmpty()) tokens += rates(first(rows));
        if (need.candidates() && !rows.isEmpty()) tokens += candidates(rows);
        if (need.curves() && !training.isEmpty()) tokens += curves(first(training));
        return tokens;
    }

    private PromptSet first(List<LabelledRow> rows) {
        return assemble(prompts, parameters.seeds().get(0), parameters.orders().get(0), rows);
    }

    private PromptSet assemble(CellPrompts of, int seed, int order, List<LabelledRow> rows) {
        return of.assemble(seed, order, rows, model.pieces(), model.positions());
    }

    /** Zero-shot without training, and after training at each rate. */
    private long rates(PromptSet assembled) {
        long queries = CellCost.queryTokens(assembled);
        return queries + parameters.rates().size() * (trainAll(assembled) + queries);
    }

    private long candidates(List<LabelledRow> rows) {
        long tokens = 0;
        for (Template template : parameters.candidateTemplates()) {
            CellPrompts own = prompts.with(template);
            for (int order : parameters.candidateOrders()) {
                for (int seed : parameters.seeds()) {
                    PromptSet assembled = assemble(own, seed, order, rows);
                    long queries = CellCost.queryTokens(assembled);
                    if (asks(Method.ICL)) tokens += assembled.context().length() + queries;
                    if (asks(Method.FT)) tokens += trainAll(assembled) + queries;
                }
            }
        }
        return tokens;
    }

    private long curves(PromptSet assembled) {
        List<Integer> counts =
                assembled.distinctTrueShots().stream().filter(k -> k > 0).toList();
        long queries = counts.size() * CellCost.queryTokens(assembled);
        if (counts.isEmpty()) return 0;
        return (asks(Method.ICL) ? assembled.context().length() + queries : 0)
                + (asks(Method.FT) ? train(assembled, counts) + queries : 0);
    }

    private boolean asks(Method method) {
        return parameters.methods().contains(method);
    }

    private long trainAll(PromptSet assembled) {
        return train(assembled, List.of(assembled.demonstrations().size()));
    }

    private long train(PromptSet assembled, List<Integer> counts) {
        return CellCost.trainTokens(assembled, parameters.tuning(), parameters.passes(), counts, model);
    }
}
