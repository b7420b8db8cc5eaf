package org.dualform.task.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dualform.contract.UserException;
import org.dualform.data.LabelledRow;
import org.dualform.data.RepeatedRows;
import org.dualform.finetune.RateSelection;
import org.dualform.prompt.LabelTokens;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.Cell;
import org.dualform.spec.Experiment;
import org.dualform.spec.Grid;
import org.dualform.spec.Method;
import org.dualform.spec.MethodChoice;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.ModelVariant;
import org.dualform.spec.choice.SelectOn;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.source.ModelFacts;

/**
 * Adds up the cost of an experiment from its prompts. It assembles the prompts of every draw as the cells will do. A
 * prompt that does not fit the model's context is therefore found before anything runs.
 */
final class PromptCosts {
    private final Experiment experiment;
    private final List<Cell> cells;
    private final ModelFacts model;
    private final Findings findings;
    private final List<CellMemory> memory = new ArrayList<>();
    private final Map<String, Long> tokens = new TreeMap<>();
    private PlanCost total;
    private long queries;
    private long queryTokens;

    PromptCosts(Experiment experiment, ModelFacts model, Findings findings) {
        this.experiment = experiment;
        this.cells = Grid.of(experiment).cells();
        this.model = model;
        this.findings = findings;
        this.total = PlanCost.none(model.weightBytes(variants(experiment)));
    }

    private static Set<ModelVariant> variants(Experiment experiment) {
        return experiment.methods().arms().stream().map(Arm::variant).collect(Collectors.toSet());
    }

    /** The cost of all cells so far. */
    PlanCost total() {
        return total;
    }

    /** The tokens of each cell so far, by the cell's id. */
    Map<String, Long> tokens() {
        return tokens;
    }

    /** The mean number of tokens of a query with its label; 1 if there is none. */
    int rowTokens() {
        return (int) Math.max(1, Math.round((double) queryTokens / Math.max(1, queries)));
    }

    /** The memory of each cell so far. */
    List<CellMemory> memory() {
        return memory;
    }

    /**
     * Adds the cells of one data set and template, and warns of rows that stand where they should not.
     *
     * @param prompts of their data set
     * @return false if a prompt does not fit
     */
    boolean add(StudyPlan.PlannedDataset planned, CellPrompts prompts) {
        String name = prompts.dataset().name();
        Map<Integer, List<LabelledRow>> shown = new TreeMap<>();
        for (int seed : experiment.of(planned.reference()).data().seeds()) {
            PromptSet drawn;
            try {
                drawn = prompts.assemble(seed, 0, model);
            } catch (UserException e) {
                findings.mistake("Data set " + name + ", seed " + seed + ": " + e.getMessage());
                return false;
            }
            LabelTokens.warnings(drawn.labels()).forEach(warning -> findings.warn(name + ": " + warning));
            for (String warning : drawn.warnings()) findings.warn(name + ", seed " + seed + ": " + warning);
            for (Cell cell : cells) if (cell.seed() == seed && planned.isOf(cell)) add(cell, drawn);
            shown.put(seed, prompts.demonstrations(seed, drawn.demonstrations().size()));
        }
        RepeatedRows repeated =
                new RepeatedRows(prompts.dataset(), planned.template().fields(), prompts.evaluated());
        repeated.ofTraining().forEach(findings::warn);
        shown.forEach((seed, rows) -> repeated.ofDemonstrations(seed, rows).forEach(findings::warn));
        return true;
    }

    /** Adds a selection, which assembles its prompts from other rows than the cells. */
    void add(SelectParameters selection, CellPrompts prompts) {
        try {
            total = total.andSelection(new SelectionCost(selection, prompts, model).tokens());
        } catch (UserException e) {
            findings.mistake("Data set " + prompts.dataset().name() + ", selection: " + e.getMessage());
        }
    }

    private void add(Cell cell, PromptSet prompts) {
        queries += prompts.queries().size();
        queryTokens += CellCost.queryTokens(prompts);
        PlanCost own = CellCost.of(experiment, cell, prompts, model);
        CellMemory held = CellMemory.of(cell.name(), cell.arm(), prompts, model, own);
        memory.add(held);
        MethodChoice methods = experiment.of(cell.dataset()).methods();
        if (methods.asks(Method.FT)
                && methods.learningRate().given().isEmpty()
                && methods.selectOn() != SelectOn.NONE) {
            int rates = RateSelection.rates(methods.learningRate()).size();
            memory.add(held.whileChoosing(rates, cell.arm().tuning().lowRank() ? own.updateBytes() : 0));
        }
        tokens.put(cell.id(), own.tokens());
        total = total.and(own);
    }
}
