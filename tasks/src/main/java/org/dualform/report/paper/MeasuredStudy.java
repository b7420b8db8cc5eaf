package org.dualform.report.paper;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.Results;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;
import org.jspecify.annotations.Nullable;

/**
 * A study of one model, as the tables read it.
 *
 * @param name for the page, such as the name of its file
 * @param results what was measured
 */
public record MeasuredStudy(String name, Results results) {

    /** The model's name without the folder that it lay in. */
    String model() {
        String model = results.spec().path("model").asText();
        return model.substring(model.replace('\\', '/').lastIndexOf('/') + 1);
    }

    /** The data sets, in the order of the study. */
    Set<String> datasets() {
        return results.summary().stream().map(SummaryRow::dataset).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The arms that were measured beside the experiment itself. */
    Set<String> controls() {
        return results.summary().stream()
                .map(SummaryRow::arm)
                .filter(arm -> !arm.equals(Arms.MAIN) && !arm.equals(SummaryRow.SELECTED))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Of an arm on a data set, from the smallest shot count to the largest. */
    List<SummaryRow> rows(String dataset, String arm) {
        return results.summary().stream()
                .filter(row -> row.dataset().equals(dataset) && row.arm().equals(arm))
                .sorted(Comparator.comparingInt(SummaryRow::shots))
                .toList();
    }

    /** At the largest shot count, where the paper reports; empty where the study does not have that data set. */
    Optional<SummaryRow> largest(String dataset, String arm) {
        List<SummaryRow> rows = rows(dataset, arm);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(rows.size() - 1));
    }

    /** At the largest shot count; null where there is none. */
    @Nullable Metric metric(String dataset, MetricName name) {
        return largest(dataset, Arms.MAIN).map(row -> row.metric(name)).orElse(null);
    }

    /** How many answers of in-context learning the study scored; a study with more says more. */
    int answers() {
        return datasets().stream()
                .map(dataset -> metric(dataset, MetricName.accuracy(ScoredMethod.ICL)))
                .mapToInt(metric -> metric == null || metric.n() == null ? 0 : metric.n())
                .sum();
    }

    /** Whether the study recorded attention. */
    boolean hasRecords() {
        return results.spec().path("record").asBoolean();
    }
}
