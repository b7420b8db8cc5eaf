package org.dualform.report.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dualform.base.Counted;
import org.dualform.report.figure.HeatMap;
import org.dualform.report.panel.Evidence;
import org.dualform.score.result.Answer;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.jspecify.annotations.Nullable;

/** How often any two of zero-shot, prompting, fine-tuning and the right label agree, at the shot count of an answer. */
public final class AgreementFigures {
    private record Judge(String name, Function<ExampleLine, @Nullable Integer> answer) {}

    private static final List<Judge> JUDGES = List.of(
            new Judge("ZSL", ExampleLine::zsl),
            new Judge("ICL", ExampleLine::icl),
            new Judge("FT", ExampleLine::ft),
            new Judge("right label", ExampleLine::gold));

    private AgreementFigures() {}

    /** Empty without examples. */
    public static Optional<Figure> of(Answer answer, Results results, Evidence evidence) {
        Integer shots = answer.shots();
        if (shots == null) return Optional.empty();
        Set<String> cells = results.rows().stream()
                .filter(row -> row.isMain() && row.dataset().equals(answer.dataset()))
                .map(ResultRow::cell)
                .collect(Collectors.toSet());
        List<ExampleLine> lines = evidence.examples().stream()
                .filter(line -> cells.contains(line.cell()) && line.shots() == shots)
                .toList();
        if (lines.isEmpty()) return Optional.empty();
        List<List<@Nullable Double>> values = new ArrayList<>();
        for (Judge row : JUDGES) {
            List<@Nullable Double> shares = new ArrayList<>();
            for (Judge column : JUDGES) shares.add(agreement(lines, row, column));
            values.add(shares);
        }
        List<String> names = JUDGES.stream().map(Judge::name).toList();
        return Optional.of(new Figure(
                "How often zero-shot, prompting, fine-tuning and the right label agree on " + answer.dataset(),
                "The same answer, % of n = " + Counted.of(lines.size(), "answer") + " at " + Counted.of(shots, "shot")
                        + ". In the last column: accuracy.",
                HeatMap.of(answer.dataset(), names, names, "", values, 0, 100, "%.0f")));
    }

    private static @Nullable Double agreement(List<ExampleLine> lines, Judge a, Judge b) {
        int both = 0;
        int same = 0;
        for (ExampleLine line : lines) {
            Integer first = a.answer().apply(line);
            Integer second = b.answer().apply(line);
            if (first == null || second == null) continue;
            both++;
            if (first.equals(second)) same++;
        }
        return both == 0 ? null : 100.0 * same / both;
    }
}
