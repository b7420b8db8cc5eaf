package org.dualform.task.select;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.dualform.data.Dataset;
import org.dualform.data.LabelledRow;
import org.dualform.data.RowChoice;
import org.dualform.prompt.Template;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.file.Parameters;
import org.dualform.task.source.ModelFacts;

/** Training rows to choose on: those that are no seed's demonstrations. */
final class SelectionRows {
    private SelectionRows() {}

    /**
     * Without those longer than the longest evaluated row, which would leave room for fewer demonstrations than the cells
     * have; empty where demonstrations use up all.
     */
    static List<LabelledRow> training(Parameters parameters, Dataset dataset, ModelFacts facts) {
        List<LabelledRow> evaluated = CellPrompts.evaluated(parameters, dataset);
        List<Integer> seeds = parameters.integers(Parameters.SEEDS);
        int shots = parameters.integers(Parameters.SHOTS).stream()
                .mapToInt(k -> k)
                .max()
                .orElse(0);
        List<LabelledRow> rows = Dataset.pick(
                dataset.train(), RowChoice.select(seeds, dataset.train().size(), shots));
        // Rows that a file names as demonstrations are demonstrations, too.
        Set<LabelledRow> used = new HashSet<>();
        for (int seed : seeds) used.addAll(CellPrompts.demonstrations(parameters, dataset, seed, shots));
        rows = rows.stream().filter(row -> !used.contains(row)).toList();
        for (Parameters each : parameters.byTemplate()) {
            Template template = each.template();
            ToIntFunction<LabelledRow> length = row -> facts.pieces().encode(template.input(row)).length;
            int longest = evaluated.stream().mapToInt(length).max().orElse(0);
            rows = rows.stream()
                    .filter(row -> length.applyAsInt(row) <= longest)
                    .toList();
        }
        return rows;
    }
}
