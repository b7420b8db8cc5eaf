package org.dualform.score.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.Answer;
import org.dualform.score.result.SelectionCurve;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.result.Verdict;
import org.dualform.score.statistics.Holm;
import org.jspecify.annotations.Nullable;

/** Answers the study's question, prompt or fine-tune, once for each model and data set, from the main arm. */
public final class Answers {
    private static final MetricName DIFFERENCE = MetricName.of(Quantity.ICL_MINUS_FT);

    private Answers() {}

    private record Key(String model, String dataset) {}

    /** The answers, in the order in which the summary first names a model and data set. */
    public static List<Answer> of(List<SummaryRow> summary, List<SelectionCurve> curves) {
        Map<Key, NavigableMap<Integer, SummaryRow>> groups = new LinkedHashMap<>();
        for (SummaryRow row : summary) {
            if (row.isMain())
                groups.computeIfAbsent(new Key(row.model(), row.dataset()), k -> new TreeMap<>())
                        .putIfAbsent(row.shots(), row); // the first template stands for all
        }
        List<Claim> claims = new ArrayList<>();
        groups.forEach((key, byShots) -> claims.add(claim(key, byShots, curves)));
        double[] p = claims.stream()
                .map(Claim::p)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
        double[] adjusted = Holm.adjusted(p);
        List<Answer> answers = new ArrayList<>();
        int next = 0;
        for (Claim claim : claims) answers.add(claim.answer(claim.p() == null ? null : adjusted[next++], p.length));
        return List.copyOf(answers);
    }

    private static Claim claim(Key key, NavigableMap<Integer, SummaryRow> byShots, List<SelectionCurve> curves) {
        NavigableMap<Integer, SummaryRow> compared = new TreeMap<>(byShots);
        compared.entrySet().removeIf(e -> e.getKey() == 0 || value(e.getValue(), DIFFERENCE) == null);
        if (compared.isEmpty()) return new Claim(key, null, Answer.LARGEST, null);
        Optional<SelectionCurve.Point> chosen = curves.stream()
                .filter(c -> c.model().equals(key.model()) && c.dataset().equals(key.dataset()))
                .findFirst()
                .filter(c -> c.points().stream()
                                .map(SelectionCurve.Point::method)
                                .distinct()
                                .count()
                        > 1)
                .flatMap(c -> c.best(compared.keySet()));
        return chosen.map(point -> new Claim(key, compared.get(point.shots()), Answer.SELECTION, point.method()))
                .orElseGet(() -> new Claim(key, compared.lastEntry().getValue(), Answer.LARGEST, null));
    }

    private static @Nullable Double value(SummaryRow row, MetricName metric) {
        Metric of = row.metric(metric);
        return of == null ? null : of.value();
    }

    private record Claim(
            Key key,
            @Nullable SummaryRow row,
            String chosenBy,
            @Nullable ScoredMethod method) {
        @Nullable Double p() {
            Metric difference = metric(DIFFERENCE);
            return difference == null ? null : difference.p();
        }

        private @Nullable Metric metric(MetricName name) {
            return row == null ? null : row.metric(name);
        }

        Answer answer(@Nullable Double adjusted, int comparisons) {
            Metric difference = metric(DIFFERENCE);
            return new Answer(
                    key.model(),
                    key.dataset(),
                    row == null ? null : row.shots(),
                    chosenBy,
                    method,
                    Verdict.of(
                            difference,
                            metric(MetricName.of(Quantity.ICL_MINUS_ZSL)),
                            metric(MetricName.of(Quantity.FT_MINUS_ZSL))),
                    adjusted,
                    comparisons,
                    difference == null ? null : Verdict.detectable(difference));
        }
    }
}
