package org.dualform.task.tracking;

import java.util.ArrayList;
import java.util.List;
import org.dualform.mlflow.value.Table;
import org.dualform.prompt.PromptSet;
import org.jspecify.annotations.Nullable;

/** A cell's prompts as a table, with one row for each demonstration and each evaluated row. */
final class PromptTable {
    private static final List<String> COLUMNS =
            List.of("row", "part", "place", "text", "label", "right_label", "tokens");

    private PromptTable() {}

    static Table of(PromptSet prompts) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<PromptSet.Demonstration> demonstrations = prompts.demonstrations();
        for (int i = 0; i < demonstrations.size(); i++) {
            PromptSet.Demonstration d = demonstrations.get(i);
            rows.add(List.of(
                    "demonstration " + (i + 1) + ": " + d.row(),
                    "demonstration",
                    i + 1,
                    d.text(),
                    word(prompts, d.label()),
                    word(prompts, d.gold()),
                    prompts.boundaries().get(i + 1) - prompts.boundaries().get(i)));
        }
        List<PromptSet.Query> queries = prompts.queries();
        for (int i = 0; i < queries.size(); i++) {
            PromptSet.Query q = queries.get(i);
            rows.add(List.of(
                    "query " + (i + 1) + ": " + q.row(),
                    "query",
                    i + 1,
                    q.text(),
                    "",
                    word(prompts, q.gold()),
                    q.ids().length()));
        }
        return new Table(COLUMNS, rows);
    }

    private static String word(PromptSet prompts, int label) {
        return prompts.labels().get(label).word();
    }
}
