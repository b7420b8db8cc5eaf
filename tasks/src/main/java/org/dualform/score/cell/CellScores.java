package org.dualform.score.cell;

import java.util.List;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.result.ResultRow;
import org.jspecify.annotations.Nullable;

/**
 * A scored cell: a row for each requested shot count, an example for each shot count and evaluated row, and, where records
 * were kept, the similarities by layer.
 */
public record CellScores(List<ResultRow> rows, List<ExampleLine> examples, List<LayerSimilarity> layers) {
    public CellScores {
        rows = List.copyOf(rows);
        examples = List.copyOf(examples);
        layers = List.copyOf(layers);
    }

    /** Without records. */
    public CellScores(List<ResultRow> rows, List<ExampleLine> examples) {
        this(rows, examples, List.of());
    }

    /**
     * The same, marked with what was chosen.
     *
     * @param methods that chose this cell; null where none chooses
     * @param on rows that something was chosen on; null where nothing was
     */
    public CellScores withChoice(@Nullable List<ScoredMethod> methods, @Nullable String on) {
        return new CellScores(
                rows.stream().map(row -> row.withChoice(methods, on)).toList(), examples, layers);
    }
}
