package org.dualform.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.dualform.score.Results;
import org.dualform.score.Row;
import org.dualform.score.SummaryRow;

/** What belongs in one figure: a data set under one arm, with a point for each shot count. */
record Panel(String dataset, String arm, List<Integer> seeds, List<Point> points) {

    /** The panels of a study, in the order of its rows; a data set whose cells are all missing has one too. */
    static List<Panel> of(Results results) {
        Map<List<String>, List<Row>> groups = new LinkedHashMap<>();
        for (Row row : results.rows())
            groups.computeIfAbsent(List.of(row.dataset(), row.arm()), key -> new ArrayList<>())
                    .add(row);
        return groups.values().stream().map(rows -> panel(rows, results)).toList();
    }

    /** The data set's name, and the arm's where it is a control. */
    String title() {
        return arm.equals("main") ? dataset : dataset + " · " + arm;
    }

    /** The curves that have a value somewhere. */
    List<Curve> curves() {
        List<Curve> curves = new ArrayList<>();
        for (Curve curve : Curve.values())
            if (points.stream().anyMatch(point -> Numbers.hasValue(point.metric(curve.metric())))) curves.add(curve);
        return curves;
    }

    private static Panel panel(List<Row> rows, Results results) {
        Row first = rows.get(0);
        List<Point> points = new ArrayList<>();
        for (int shots : new TreeSet<>(rows.stream().map(Row::shots).toList())) {
            List<Row> here = rows.stream().filter(row -> row.shots() == shots).toList();
            points.add(new Point(
                    shots,
                    ascending(here.stream().map(Row::trueShots).toList()),
                    ascending(here.stream().map(Row::contextTokens).toList()),
                    results.summary().stream()
                            .filter(summary -> summary.dataset().equals(first.dataset())
                                    && summary.arm().equals(first.arm())
                                    && summary.shots() == shots)
                            .findFirst()
                            .map(SummaryRow::metrics)
                            .orElse(Map.of())));
        }
        List<Integer> seeds = ascending(rows.stream().map(Row::seed).toList());
        return new Panel(first.dataset(), first.arm(), seeds, points);
    }

    private static List<Integer> ascending(Collection<? extends @org.jspecify.annotations.Nullable Integer> numbers) {
        return numbers.stream()
                .filter(Objects::nonNull)
                .map(Integer.class::cast)
                .distinct()
                .sorted()
                .toList();
    }
}
