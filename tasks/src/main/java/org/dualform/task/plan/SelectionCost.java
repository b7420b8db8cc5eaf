package org.dualform.task.plan;

import java.util.List;
import org.dualform.data.LabelledRow;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.Template;
import org.dualform.score.race.Race;
import org.dualform.spec.Method;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.cell.SelectionRows;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.parameters.SelectionNeed;
import org.dualform.task.source.ModelFacts;
import org.dualform.task.source.TokenWork;

/**
 * The tokens of a selection: every learning rate's training and its answers, the candidates of seed, order and template,
 * and both methods at every shot count. Rates and shot counts race, so what they take is known only afterwards: the plan
 * states what is expected, and the most.
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

    /**
     * The tokens of a selection.
     *
     * @param expected if candidates drop out as on the built-in data sets
     * @param most if nobody drops out before the last row
     */
    record Range(long expected, long most) {
        static final Range NONE = new Range(0, 0);

        Range and(Range other) {
            return new Range(expected + other.expected, most + other.most);
        }

        /** Tokens that are the same however the race goes. */
        static Range of(long tokens) {
            return new Range(tokens, tokens);
        }
    }

    /** The shares of the rates and of the shot counts that stay after a slice, as on the built-in data sets. */
    private static final double RATES_LEFT = 0.3;

    private static final double COUNTS_LEFT = 0.6;

    Range tokens() {
        SelectionNeed need = SelectionNeed.of(parameters);
        if (!need.model()) return Range.NONE;
        List<LabelledRow> training = SelectionRows.training(parameters, prompts, model);
        List<LabelledRow> rows = SelectionRows.choosing(parameters, prompts, training);
        Range tokens = Range.NONE;
        if (need.rate() && !rows.isEmpty()) tokens = tokens.and(rates(first(rows)));
        if (need.candidates() && !rows.isEmpty()) tokens = tokens.and(Range.of(candidates(rows)));
        if (need.curves() && !training.isEmpty()) tokens = tokens.and(curves(first(training)));
        return tokens;
    }

    private PromptSet first(List<LabelledRow> rows) {
        return assemble(prompts, parameters.seeds().get(0), parameters.orders().get(0), rows);
    }

    private PromptSet assemble(CellPrompts of, int seed, int order, List<LabelledRow> rows) {
        return of.assemble(seed, order, rows, model);
    }

    /**
     * Zero-shot without training on the first slice, after training at each rate, and a look whether the winner is stable. Rates that are trained again for
     * each slice, because their updates are too large to hold, are not counted again.
     */
    private Range rates(PromptSet assembled) {
        int rates = parameters.rates().size();
        long fixed = answers(assembled, Race.slices(assembled.queries().size()).get(0))
                + rates * trainAll(assembled)
                + CellCost.stabilityTokens(
                        assembled,
                        parameters.tuning(),
                        parameters.passes(),
                        List.of(assembled.demonstrations().size()),
                        model);
        return Range.of(fixed).and(race(assembled, rates, RATES_LEFT));
    }

    private Range race(PromptSet assembled, int candidates, double left) {
        int rows = assembled.queries().size();
        return new Range(
                answers(assembled, Race.expectedRows(candidates, rows, left)),
                answers(assembled, (long) candidates * rows));
    }

    /** Tokens of answering queries of mean length. */
    private long answers(PromptSet assembled, long rows) {
        return Math.round(
                (double) queries(assembled) * rows / assembled.queries().size());
    }

    private long queries(PromptSet assembled) {
        return TokenWork.of(model).answers(CellCost.queryTokens(assembled), CellCost.scored(assembled));
    }

    private long candidates(List<LabelledRow> rows) {
        long tokens = 0;
        for (Template template : parameters.candidateTemplates()) {
            CellPrompts own = prompts.with(template);
            for (int order : parameters.candidateOrders()) {
                for (int seed : parameters.seeds()) {
                    PromptSet assembled = assemble(own, seed, order, rows);
                    long queries = queries(assembled);
                    if (asks(Method.ICL)) tokens += assembled.context().length() + queries;
                    if (asks(Method.FT)) tokens += trainAll(assembled) + queries;
                }
            }
        }
        return tokens;
    }

    private Range curves(PromptSet assembled) {
        List<Integer> counts =
                assembled.distinctTrueShots().stream().filter(k -> k > 0).toList();
        if (counts.isEmpty()) return Range.NONE;
        long fixed = (asks(Method.ICL) ? assembled.context().length() : 0)
                + (asks(Method.FT) ? train(assembled, counts) : 0);
        int points = counts.size() * parameters.methods().size();
        return Range.of(fixed).and(race(assembled, points, COUNTS_LEFT));
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
