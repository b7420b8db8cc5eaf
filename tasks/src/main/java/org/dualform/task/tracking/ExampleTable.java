package org.dualform.task.tracking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dualform.mlflow.value.Table;
import org.dualform.prompt.PromptSet;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.jspecify.annotations.Nullable;

/**
 * The evaluated rows as a table for people who read errors: the text, the right label, and what each method answered with
 * which probability. MLflow's page of a table has no filter, so the rows are ordered by their {@link Outcome}: those on
 * which the methods differ come first.
 */
final class ExampleTable {
    private static final List<String> COLUMNS = List.of(
            "id",
            "outcome",
            "shots",
            "text",
            "gold",
            "zsl",
            "icl",
            "ft",
            "zsl_probability",
            "icl_probability",
            "ft_probability",
            "row");

    private static final double DIGITS = 1e4;

    /** Which of the two methods is right, in the order in which readers want the rows. */
    private enum Outcome {
        ICL_ALONE("ICL right, FT wrong"),
        FT_ALONE("ICL wrong, FT right"),
        NEITHER("both wrong"),
        BOTH("both right"),
        ICL_WRONG("ICL wrong"),
        ICL_RIGHT("ICL right"),
        FT_WRONG("FT wrong"),
        FT_RIGHT("FT right"),
        NONE("no answer");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        static Outcome of(ExampleLine line) {
            boolean icl = line.iclCorrect();
            boolean ft = line.ftCorrect();
            if (line.icl() == null && line.ft() == null) return NONE;
            if (line.ft() == null) return icl ? ICL_RIGHT : ICL_WRONG;
            if (line.icl() == null) return ft ? FT_RIGHT : FT_WRONG;
            if (icl == ft) return icl ? BOTH : NEITHER;
            return icl ? ICL_ALONE : FT_ALONE;
        }
    }

    private final List<String> words;
    private final Map<String, String> texts;

    private ExampleTable(PromptSet prompts) {
        words = prompts.labels().stream().map(PromptSet.Label::word).toList();
        texts = prompts.queries().stream()
                .collect(Collectors.toMap(PromptSet.Query::row, PromptSet.Query::text, (first, second) -> first));
    }

    static Table of(List<ExampleLine> lines, PromptSet prompts) {
        ExampleTable table = new ExampleTable(prompts);
        return new Table(
                COLUMNS,
                lines.stream()
                        .sorted(Comparator.comparing(Outcome::of).thenComparing(ExampleLine::shots))
                        .map(table::row)
                        .toList());
    }

    private List<@Nullable Object> row(ExampleLine line) {
        List<@Nullable Object> row = new ArrayList<>();
        row.add(line.shots() + " " + line.row());
        row.add(Outcome.of(line).text);
        row.add(line.shots());
        row.add(texts.get(line.row()));
        row.add(words.get(line.gold()));
        for (ScoredMethod method : ScoredMethod.values()) row.add(answer(line.predicted(method)));
        row.add(probability(line.zsl(), line.zslDistribution()));
        row.add(probability(line.icl(), line.iclDistribution()));
        row.add(probability(line.ft(), line.ftDistribution()));
        row.add(line.row());
        return row;
    }

    /** The label's word; null without an answer, {@code undefined} if the scores were not finite. */
    private @Nullable String answer(@Nullable Integer label) {
        if (label == null) return null;
        return label >= 0 && label < words.size() ? words.get(label) : "undefined";
    }

    /** The probability that a method gives its answer, in four digits. */
    private static @Nullable Double probability(@Nullable Integer label, @Nullable List<Double> distribution) {
        if (label == null || distribution == null || label < 0 || label >= distribution.size()) return null;
        return Math.round(distribution.get(label) * DIGITS) / DIGITS;
    }
}
