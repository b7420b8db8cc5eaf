package org.dualform.task.cell;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.dualform.data.Dataset;
import org.dualform.data.LabelledRow;
import org.dualform.data.RowChoice;
import org.dualform.prompt.Template;
import org.dualform.spec.choice.SelectOn;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.source.ModelFacts;

/** The training rows to choose on: those that are no seed's demonstrations. */
public final class SelectionRows {
    private SelectionRows() {}

    /** The rows that rates and candidates are chosen on, in random order: training rows, or the reported ones. */
    public static List<LabelledRow> choosing(
            SelectParameters parameters, CellPrompts prompts, List<LabelledRow> training) {
        if (parameters.selectOn() != SelectOn.REPORTED) return training;
        List<LabelledRow> reported = prompts.evaluated();
        return Dataset.pick(reported, RowChoice.selectReported(reported.size(), parameters.selectRows()));
    }

    /**
     * The rows; empty if the demonstrations use all of them. Rows longer than the longest evaluated row are left out,
     * since they would leave room for fewer demonstrations than the cells have.
     */
    public static List<LabelledRow> training(SelectParameters parameters, CellPrompts prompts, ModelFacts facts) {
        Dataset dataset = prompts.dataset();
        List<LabelledRow> evaluated = prompts.evaluated();
        List<Integer> seeds = parameters.seeds();
        int shots = parameters.inputs().largest();
        List<LabelledRow> rows = Dataset.pick(
                dataset.train(), RowChoice.select(seeds, dataset.train().size(), shots, parameters.selectRows()));
        // Rows that a file names as demonstrations are demonstrations, too.
        Set<LabelledRow> used = new HashSet<>();
        for (int seed : seeds) used.addAll(prompts.demonstrations(seed, shots));
        rows = rows.stream().filter(row -> !used.contains(row)).toList();
        for (Template template : parameters.templates()) {
            ToIntFunction<LabelledRow> length = row -> facts.pieces().encode(template.input(row)).length;
            int longest = evaluated.stream().mapToInt(length).max().orElse(0);
            rows = rows.stream()
                    .filter(row -> length.applyAsInt(row) <= longest)
                    .toList();
        }
        return rows;
    }
}
