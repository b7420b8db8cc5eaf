package org.dualform.report.panel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;
import org.jspecify.annotations.Nullable;

/**
 * What belongs in one figure: a data set under one arm, with a point for each shot count.
 *
 * @param template null where the data set has only one
 * @param selectedOnReported whether something was chosen on the rows that are reported
 * @param rateAtEdge whether the learning rate is the lowest or highest of those that were tried
 */
public record Panel(
        String dataset,
        String arm,
        @Nullable String template,
        boolean selectedOnReported,
        boolean rateAtEdge,
        List<Integer> seeds,
        List<Point> points) {
    private static final String REPORTED = "reported";

    /** Marks a title: something was chosen on the very rows that are reported. */
    public static final String MARK = " ‡";

    /** Marks a title: fine-tuning might do better at a learning rate that was not tried. */
    public static final String EDGE_MARK = " †";

    /** The panels of a study, in the order of its rows; a data set whose cells are all missing has one too. */
    public static List<Panel> of(Results results) {
        Map<List<String>, List<ResultRow>> groups = new LinkedHashMap<>();
        for (ResultRow row : results.rows())
            groups.computeIfAbsent(List.of(row.dataset(), row.arm(), row.template()), key -> new ArrayList<>())
                    .add(row);
        List<Panel> panels = new ArrayList<>();
        groups.values().forEach(rows -> panels.add(panel(rows, results)));
        panels.addAll(selected(results));
        return List.copyOf(panels);
    }

    public Panel atLargest() {
        return new Panel(
                dataset,
                arm,
                template,
                selectedOnReported,
                rateAtEdge,
                seeds,
                points.subList(Math.max(0, points.size() - 1), points.size()));
    }

    public boolean isMain() {
        return arm.equals(Arms.MAIN);
    }

    /** The data set's name, the template's where there are several, the arm's where it is a control, and the marks. */
    public String title() {
        return dataset
                + (template == null ? "" : " · " + template)
                + (isMain() ? "" : " · " + arm)
                + (selectedOnReported ? MARK : "")
                + (rateAtEdge ? EDGE_MARK : "");
    }

    /** The curves that have a value somewhere. */
    public List<Curve> curves() {
        List<Curve> curves = new ArrayList<>();
        for (Curve curve : Curve.values())
            if (points.stream().anyMatch(point -> Numbers.hasValue(point.metric(curve.metric())))) curves.add(curve);
        return curves;
    }

    private static Panel panel(List<ResultRow> rows, Results results) {
        ResultRow first = rows.get(0);
        List<Point> points = new ArrayList<>();
        for (int shots : new TreeSet<>(rows.stream().map(ResultRow::shots).toList())) {
            List<ResultRow> here =
                    rows.stream().filter(row -> row.shots() == shots).toList();
            points.add(new Point(
                    shots,
                    ascending(here.stream().map(ResultRow::trueShots).toList()),
                    ascending(here.stream().map(ResultRow::contextTokens).toList()),
                    results.summary().stream()
                            .filter(summary -> summary.dataset().equals(first.dataset())
                                    && summary.arm().equals(first.arm())
                                    && (summary.template() == null
                                            || summary.template().equals(first.template()))
                                    && summary.shots() == shots)
                            .findFirst()
                            .map(SummaryRow::metrics)
                            .orElse(Map.of())));
        }
        List<Integer> seeds = ascending(rows.stream().map(ResultRow::seed).toList());
        boolean several = results.rows().stream()
                        .filter(row -> row.dataset().equals(first.dataset()))
                        .map(ResultRow::template)
                        .distinct()
                        .count()
                > 1;
        return new Panel(
                first.dataset(),
                first.arm(),
                several ? first.template() : null,
                REPORTED.equals(first.selectedOn()),
                results.rates().stream()
                        .anyMatch(rate -> rate.isAtEdge() && rows.stream().anyMatch(rate::serves)),
                seeds,
                points);
    }

    /** What each method chose for itself has a summary only. */
    private static List<Panel> selected(Results results) {
        Map<List<String>, List<SummaryRow>> groups = new LinkedHashMap<>();
        for (SummaryRow row : results.summary()) {
            if (row.arm().equals(SummaryRow.SELECTED))
                groups.computeIfAbsent(
                                List.of(row.dataset(), Objects.requireNonNullElse(row.template(), "")),
                                key -> new ArrayList<>())
                        .add(row);
        }
        return groups.values().stream()
                .map(rows -> new Panel(
                        rows.get(0).dataset(),
                        SummaryRow.SELECTED,
                        null,
                        REPORTED.equals(rows.get(0).selectedOn()),
                        false,
                        rows.get(0).seeds(),
                        rows.stream()
                                .map(row -> new Point(row.shots(), List.of(), List.of(), row.metrics()))
                                .toList()))
                .toList();
    }

    private static List<Integer> ascending(Collection<? extends @Nullable Integer> numbers) {
        return numbers.stream()
                .filter(Objects::nonNull)
                .map(Integer.class::cast)
                .distinct()
                .sorted()
                .toList();
    }
}
