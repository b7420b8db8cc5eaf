package org.dualform.score.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.score.result.Metric;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.similarity.Baseline;
import org.jspecify.annotations.Nullable;

/**
 * Puts a control's similarities beside those of {@code main}: {@code sim_aou.untrained} is {@code sim_aou} of the arm
 * {@code untrained} with the same model, data set, template, seed, order and shots. Where a study has no such arm there is no such
 * metric.
 */
public final class ControlArms {
    /** Arms whose similarities are floors of the main arm's. */
    private static final List<String> FLOORS = List.of("untrained", "untrained_embeddings", "lcgd");

    private static final String MAIN = "main";
    private static final List<String> FAMILIES = List.of("sim_", "kendall.", "recall.");

    private ControlArms() {}

    private record Place(
            String model, String dataset, @Nullable String template, int seed, int order, int shots, String arm) {
        static Place of(ResultRow row, String arm) {
            return new Place(row.model(), row.dataset(), row.template(), row.seed(), row.order(), row.shots(), arm);
        }

        static Place of(SummaryRow row, String arm) {
            return new Place(row.model(), row.dataset(), row.template(), 0, 0, row.shots(), arm);
        }
    }

    /** The rows of cells, those of {@code main} with the floors beside. */
    public static List<ResultRow> beside(List<ResultRow> rows) {
        Map<Place, Map<String, Metric>> metrics = new LinkedHashMap<>();
        rows.forEach(row -> metrics.put(Place.of(row, row.arm()), row.metrics()));
        List<ResultRow> joined = new ArrayList<>();
        for (ResultRow row : rows) {
            joined.add(
                    row.arm().equals(MAIN)
                            ? row.withMetrics(joined(row.metrics(), arm -> metrics.get(Place.of(row, arm))))
                            : row);
        }
        return joined;
    }

    /** The same over seeds. */
    public static List<SummaryRow> besideSummary(List<SummaryRow> rows) {
        Map<Place, Map<String, Metric>> metrics = new LinkedHashMap<>();
        rows.forEach(row -> metrics.put(Place.of(row, row.arm()), row.metrics()));
        List<SummaryRow> joined = new ArrayList<>();
        for (SummaryRow row : rows) {
            joined.add(
                    row.arm().equals(MAIN)
                            ? row.withMetrics(joined(row.metrics(), arm -> metrics.get(Place.of(row, arm))))
                            : row);
        }
        return joined;
    }

    private interface OfArm {
        @Nullable Map<String, Metric> metrics(String arm);
    }

    private static Map<String, Metric> joined(Map<String, Metric> own, OfArm arms) {
        Map<String, Metric> joined = new LinkedHashMap<>();
        own.forEach((name, metric) -> {
            joined.put(name, metric);
            if (!isSimilarity(name)) return;
            for (String arm : FLOORS) {
                Map<String, Metric> floor = arms.metrics(arm);
                Metric other = floor == null ? null : floor.get(name);
                if (other != null) joined.put(name + "." + arm, other);
            }
        });
        return joined;
    }

    private static boolean isSimilarity(String name) {
        if (FAMILIES.stream().noneMatch(name::startsWith)) return false;
        for (Baseline baseline : Baseline.values()) if (name.endsWith("." + baseline.id())) return false;
        return FLOORS.stream().noneMatch(arm -> name.endsWith("." + arm));
    }
}
