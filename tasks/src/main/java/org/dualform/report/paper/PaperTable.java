package org.dualform.report.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dualform.report.panel.MarkdownTable;
import org.dualform.report.panel.Numbers;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Floor;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;

/** A table of the paper, with a line for each measured study and quantity, and below them the paper's own. */
@SuppressWarnings("ImmutableEnumChecker") // names of metrics are records of enums, and never change
enum PaperTable {
    ACCURACY(
            1,
            "Accuracy, in %",
            line("zero-shot", MetricName.accuracy(ScoredMethod.ZSL)),
            line("fine-tuning", MetricName.accuracy(ScoredMethod.FT)),
            line("ICL", MetricName.accuracy(ScoredMethod.ICL)),
            line("ICL − fine-tuning", MetricName.of(Quantity.ICL_MINUS_FT))),
    REC2FTP(
            2,
            "Rec2FTP, in %: of the zero-shot errors that fine-tuning fixes, those that ICL fixes. Base: of all zero-shot"
                    + " errors, those that ICL fixes",
            line("Rec2FTP", MetricName.of(Quantity.REC2FTP)),
            line("base", MetricName.of(Quantity.REC2FTP_BASE))),
    SIM_AOU(
            3,
            "SimAOU: similarity of the updates of attention outputs, with what it is read against",
            line("SimAOU", MetricName.of(Quantity.SIM_AOU)),
            line("random, as in the paper", MetricName.of(Quantity.SIM_AOU).beside(Floor.RANDOM_UNIFORM)),
            line("another row's update", MetricName.of(Quantity.SIM_AOU).beside(Floor.PERMUTED)),
            line("layer-causal training", MetricName.of(Quantity.SIM_AOU).beside(Floor.LCGD)),
            line("untrained model", MetricName.of(Quantity.SIM_AOU).beside(Floor.UNTRAINED)),
            line("ICL in another order", MetricName.of(Quantity.SIM_AOU).beside(Floor.NOISE_FLOOR))),
    SIM_AM(
            4,
            "SimAM: similarity of attention scores before and after fine-tuning. Updates: similarity of what ICL and"
                    + " fine-tuning change in them (Deutch et al. 2024)",
            line("before fine-tuning", MetricName.of(Quantity.SIM_AM_BEFORE_FT)),
            line("after fine-tuning", MetricName.of(Quantity.SIM_AM)),
            line("updates", MetricName.of(Quantity.SIM_AM_DELTA)),
            line("updates, another row's", MetricName.of(Quantity.SIM_AM_DELTA).beside(Floor.PERMUTED)),
            line(
                    "updates, layer-causal training",
                    MetricName.of(Quantity.SIM_AM_DELTA).beside(Floor.LCGD)),
            line(
                    "updates, untrained model",
                    MetricName.of(Quantity.SIM_AM_DELTA).beside(Floor.UNTRAINED))),
    KENDALL(
            5,
            "Kendall's τ of two rankings of the demonstrations' tokens",
            line("τ", MetricName.of(Quantity.KENDALL_TOKEN)),
            line(
                    "random, as in the paper",
                    MetricName.of(Quantity.KENDALL_TOKEN).beside(Floor.RANDOM_UNIFORM)),
            line("another row's query", MetricName.of(Quantity.KENDALL_TOKEN).beside(Floor.PERMUTED)));

    /** A quantity and how the table calls it. */
    private record Line(String label, MetricName metric) {
        private boolean isShare() {
            return metric.kind() == MetricKind.SHARE || metric.kind() == MetricKind.DIFFERENCE;
        }

        /** The value; that of fine-tuning says if it is noise. */
        private String of(SummaryRow row) {
            Metric value = row.metric(metric);
            String text = isShare() ? Numbers.points(value) : Numbers.plain(value);
            if (!metric.equals(MetricName.accuracy(ScoredMethod.FT)) || !Numbers.hasValue(value)) return text;
            String noise = new Point(row.shots(), List.of(), List.of(), row.metrics()).instability();
            return noise.isEmpty() ? text : text + " " + noise;
        }

        private String of(PublishedModel model, String dataset) {
            Double value = model.value(metric, dataset);
            if (value == null) return Numbers.NONE;
            return isShare() ? String.format(Locale.ROOT, "%.1f", value) : Numbers.decimal(value);
        }
    }

    private final int number;
    private final String title;
    private final List<Line> lines;

    PaperTable(int number, String title, Line... lines) {
        this.number = number;
        this.title = title;
        this.lines = List.of(lines);
    }

    private static Line line(String label, MetricName metric) {
        return new Line(label, metric);
    }

    /** {@code Table 1. Accuracy, in %}. */
    String heading() {
        return "Table " + number + ". " + title;
    }

    /** The table as Markdown; a quantity that a study does not have has no line. */
    MarkdownTable of(List<MeasuredStudy> studies, List<PublishedModel> published, List<String> datasets) {
        List<String> head = new ArrayList<>(List.of("model", "quantity"));
        head.addAll(datasets);
        MarkdownTable table = new MarkdownTable(2, head);
        for (MeasuredStudy study : studies)
            for (Line line : lines) {
                List<String> cells = datasets.stream()
                        .map(dataset ->
                                study.largest(dataset, Arms.MAIN).map(line::of).orElse(Numbers.NONE))
                        .toList();
                add(table, study.model(), line, cells);
            }
        for (PublishedModel model : published)
            for (Line line : lines)
                add(
                        table,
                        model.name() + " (paper)",
                        line,
                        datasets.stream()
                                .map(dataset -> line.of(model, dataset))
                                .toList());
        return table;
    }

    private static void add(MarkdownTable table, String model, Line line, List<String> cells) {
        if (cells.stream().allMatch(Numbers.NONE::equals)) return;
        List<String> all = new ArrayList<>(List.of(model, line.label()));
        all.addAll(cells);
        table.add(all);
    }
}
