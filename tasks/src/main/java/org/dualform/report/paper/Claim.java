package org.dualform.report.paper;

import java.util.List;
import org.dualform.score.metric.Floor;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.jspecify.annotations.Nullable;

/**
 * What the paper's tables say, each as a direction that a study can confirm or contradict, and the controls without which
 * such a direction says little.
 */
@SuppressWarnings("ImmutableEnumChecker") // names of metrics are records of enums, and never change
enum Claim {
    ICL_HELPS(1, "ICL is more accurate than zero-shot", MetricName.of(Quantity.ICL_MINUS_ZSL), null),
    FT_HELPS(1, "fine-tuning is more accurate than zero-shot", MetricName.of(Quantity.FT_MINUS_ZSL), null),
    ICL_WINS(1, "ICL is more accurate than fine-tuning", MetricName.of(Quantity.ICL_MINUS_FT), null),
    FIXES_THE_SAME(
            2,
            "ICL fixes errors that fine-tuning fixes more often than other errors (Rec2FTP above its base)",
            MetricName.of(Quantity.REC2FTP),
            MetricName.of(Quantity.REC2FTP_BASE)),
    UPDATES_ALIKE(
            3,
            "updates of attention outputs are more alike than random ones (SimAOU above random)",
            MetricName.of(Quantity.SIM_AOU),
            MetricName.of(Quantity.SIM_AOU).beside(Floor.RANDOM_UNIFORM)),
    UPDATES_OF_THE_ROW(
            3,
            "and more alike than with another row's update (SimAOU above permuted)",
            MetricName.of(Quantity.SIM_AOU),
            MetricName.of(Quantity.SIM_AOU).beside(Floor.PERMUTED)),
    ATTENTION_ALIKE(
            4,
            "fine-tuning brings attention scores closer to ICL's (SimAM above its value before fine-tuning)",
            MetricName.of(Quantity.SIM_AM),
            MetricName.of(Quantity.SIM_AM_BEFORE_FT)),
    RANKS_ALIKE(
            5,
            "both rank the demonstrations' tokens alike (Kendall's τ above random)",
            MetricName.of(Quantity.KENDALL_TOKEN),
            MetricName.of(Quantity.KENDALL_TOKEN).beside(Floor.RANDOM_UNIFORM)),
    RANKS_OF_THE_ROW(
            5,
            "and more alike than with another row's query (Kendall's τ above permuted)",
            MetricName.of(Quantity.KENDALL_TOKEN),
            MetricName.of(Quantity.KENDALL_TOKEN).beside(Floor.PERMUTED));

    /** What a study says of a claim on one data set. */
    enum Verdict {
        /** The interval excludes the opposite. */
        HOLDS,
        /** The interval excludes the claim. */
        OPPOSITE,
        /** The interval allows both. */
        UNDECIDED,
        /** There is no value. */
        NOT_MEASURED
    }

    private final int table;
    private final String sentence;
    private final MetricName value;
    private final @Nullable MetricName floor;

    Claim(int table, String sentence, MetricName value, @Nullable MetricName floor) {
        this.table = table;
        this.sentence = sentence;
        this.value = value;
        this.floor = floor;
    }

    /** Number of the paper's table that makes the claim. */
    int table() {
        return table;
    }

    String sentence() {
        return sentence;
    }

    /**
     * What the study says. A difference is judged by its own interval. A value with a floor is judged by whether the
     * intervals of the two are apart, which is stricter than an interval of their difference.
     */
    Verdict of(MeasuredStudy study, String dataset) {
        Metric metric = study.metric(dataset, value);
        if (metric == null || metric.value() == null) return Verdict.NOT_MEASURED;
        if (floor == null) return against(low(metric), high(metric), 0, 0);
        Metric against = study.metric(dataset, floor);
        if (against == null || against.value() == null) return Verdict.NOT_MEASURED;
        return against(low(metric), high(metric), low(against), high(against));
    }

    /** The data sets on which the paper's own numbers have this direction. */
    List<String> published(PublishedModel model, List<String> datasets) {
        return datasets.stream().filter(dataset -> holds(model, dataset)).toList();
    }

    private boolean holds(PublishedModel model, String dataset) {
        return switch (this) {
            case ICL_HELPS -> above(model, dataset, ScoredMethod.ICL, ScoredMethod.ZSL);
            case FT_HELPS -> above(model, dataset, ScoredMethod.FT, ScoredMethod.ZSL);
            case ICL_WINS -> above(model, dataset, ScoredMethod.ICL, ScoredMethod.FT);
            // The paper has no base for Rec2FTP, and exchanges no rows.
            case FIXES_THE_SAME, UPDATES_OF_THE_ROW, RANKS_OF_THE_ROW -> false;
            case UPDATES_ALIKE, ATTENTION_ALIKE, RANKS_ALIKE -> floor != null && above(model, dataset, value, floor);
        };
    }

    private static boolean above(PublishedModel model, String dataset, ScoredMethod first, ScoredMethod second) {
        return above(model, dataset, MetricName.accuracy(first), MetricName.accuracy(second));
    }

    private static boolean above(PublishedModel model, String dataset, MetricName first, MetricName second) {
        Double one = model.value(first, dataset);
        Double other = model.value(second, dataset);
        return one != null && other != null && one > other;
    }

    private static Verdict against(double low, double high, double floorLow, double floorHigh) {
        if (low > floorHigh) return Verdict.HOLDS;
        return high < floorLow ? Verdict.OPPOSITE : Verdict.UNDECIDED;
    }

    private static double low(Metric metric) {
        return metric.low() != null ? metric.low() : value(metric);
    }

    private static double high(Metric metric) {
        return metric.high() != null ? metric.high() : value(metric);
    }

    private static double value(Metric metric) {
        return metric.value() == null ? Double.NaN : metric.value();
    }
}
