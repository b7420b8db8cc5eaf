package org.dualform.score.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.score.metric.Floor;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.SummaryRow;
import org.jspecify.annotations.Nullable;

/**
 * Puts a control's similarities beside those of {@code main}. The metric {@code sim_aou.untrained} is {@code sim_aou} of
 * the arm {@code untrained}, with the same model, data set, template, seed, order and shots. A study without that arm has
 * no such metric.
 */
public final class ControlArms {
    /** The floors that an arm of the same name measures. */
    private static final List<Floor> FLOORS = List.of(Floor.UNTRAINED, Floor.UNTRAINED_EMBEDDINGS, Floor.LCGD);

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

    /** The same rows; those of {@code main} have the floors beside their similarities. */
    public static List<ResultRow> beside(List<ResultRow> rows) {
        Map<Place, Map<String, Metric>> metrics = new LinkedHashMap<>();
        rows.forEach(row -> metrics.put(Place.of(row, row.arm()), row.metrics()));
        List<ResultRow> joined = new ArrayList<>();
        for (ResultRow row : rows) {
            joined.add(
                    row.isMain()
                            ? row.withMetrics(joined(row.metrics(), arm -> metrics.get(Place.of(row, arm))))
                            : row);
        }
        return joined;
    }

    /** The same for the rows over seeds. */
    public static List<SummaryRow> besideSummary(List<SummaryRow> rows) {
        Map<Place, Map<String, Metric>> metrics = new LinkedHashMap<>();
        rows.forEach(row -> metrics.put(Place.of(row, row.arm()), row.metrics()));
        List<SummaryRow> joined = new ArrayList<>();
        for (SummaryRow row : rows) {
            joined.add(
                    row.isMain()
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
            Optional<MetricName> similarity =
                    MetricName.find(name).filter(known -> known.quantity().isRecorded() && known.floor() == null);
            if (similarity.isEmpty()) return;
            for (Floor floor : FLOORS) {
                Map<String, Metric> arm = arms.metrics(floor.id());
                Metric other = arm == null ? null : arm.get(name);
                if (other != null) joined.put(similarity.get().beside(floor).text(), other);
            }
        });
        return joined;
    }
}
