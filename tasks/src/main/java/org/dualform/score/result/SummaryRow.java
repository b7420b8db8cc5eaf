package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.spec.arm.Arms;
import org.jspecify.annotations.Nullable;

/**
 * Over the seeds and orders of one model, data set, template and arm at one shot count: a summary row of
 * {@code results.json}.
 *
 * @param template null in files of earlier versions
 * @param selectedOn on which rows something was chosen that bears on this row; null if nothing was
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SummaryRow(
        String model,
        String dataset,
        String arm,
        int shots,
        List<Integer> seeds,
        @Nullable String template,
        @Nullable String selectedOn,
        Map<String, Metric> metrics) {
    /** The arm of what each method chose for itself. */
    public static final String SELECTED = "selected";

    /** Whether this is the experiment itself and no control. */
    @JsonIgnore
    public boolean isMain() {
        return arm.equals(Arms.MAIN);
    }

    /** The metric of that name; null where the row has none. */
    public @Nullable Metric metric(MetricName name) {
        return metrics.get(name.text());
    }

    /** The same with other metrics. */
    public SummaryRow withMetrics(Map<String, Metric> other) {
        return new SummaryRow(model, dataset, arm, shots, seeds, template, selectedOn, other);
    }

    /** Of the only template, where nothing was chosen. */
    public SummaryRow(
            String model, String dataset, String arm, int shots, List<Integer> seeds, Map<String, Metric> metrics) {
        this(model, dataset, arm, shots, seeds, null, null, metrics);
    }
}
