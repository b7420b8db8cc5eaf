package org.dualform.report.paper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualform.report.panel.MarkdownTable;
import org.dualform.report.panel.Numbers;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;

/** A page of Markdown: several studies as the tables of Dai et al. 2022, with a comparison row by row. */
public final class ResultsPage {
    private static final List<MetricName> SHOWN = List.of(
            MetricName.accuracy(ScoredMethod.ZSL),
            MetricName.accuracy(ScoredMethod.ICL),
            MetricName.accuracy(ScoredMethod.FT));

    private final List<MeasuredStudy> all;
    private final List<MeasuredStudy> main;
    private final List<PublishedModel> published = PublishedModel.all();

    /** @param studies in the order in which the page shows them */
    public ResultsPage(List<MeasuredStudy> studies) {
        this.all = List.copyOf(studies);
        this.main = largestOfEachModel(studies);
    }

    /** The page; ends with a newline. */
    public String markdown() {
        StringBuilder out = new StringBuilder();
        append(out, "What was measured", StudyFacts.of(all));
        List<String> datasets = datasets();
        for (PaperTable table : PaperTable.values()) {
            MarkdownTable lines = table.of(main, published, datasets);
            if (!lines.isEmpty()) append(out, table.heading(), lines);
        }
        append(out, "Row by row", new ClaimTable(main, published).markdown());
        ClaimText.of(main)
                .forEach(sentence ->
                        out.append("- ").append(MarkdownTable.escaped(sentence)).append('\n'));
        out.append('\n');
        append(out, "Shot curves: accuracy in %", curves());
        MarkdownTable controls = controls();
        if (!controls.isEmpty()) append(out, "Controls, at the largest shot count: accuracy in %", controls);
        out.append("## What cannot be concluded\n\n");
        Limits.of(all)
                .forEach(limit ->
                        out.append("- ").append(MarkdownTable.escaped(limit)).append('\n'));
        return out.toString();
    }

    /** Of several studies of one model, the tables show the one that scored the most answers. */
    private static List<MeasuredStudy> largestOfEachModel(List<MeasuredStudy> studies) {
        Map<String, MeasuredStudy> byModel = new LinkedHashMap<>();
        for (MeasuredStudy study : studies)
            byModel.merge(
                    study.model(),
                    study,
                    (one, other) ->
                            Comparator.comparingInt(MeasuredStudy::answers).compare(one, other) >= 0 ? one : other);
        return List.copyOf(byModel.values());
    }

    /** The paper's data sets in the paper's order, then any others. */
    private List<String> datasets() {
        Set<String> measured =
                main.stream().flatMap(study -> study.datasets().stream()).collect(Collectors.toSet());
        Set<String> names = new LinkedHashSet<>(
                published.get(0).values().values().iterator().next().keySet());
        names.retainAll(measured);
        main.forEach(study -> names.addAll(study.datasets()));
        return List.copyOf(names);
    }

    private MarkdownTable curves() {
        MarkdownTable table =
                new MarkdownTable(2, List.of("model", "data set", "shots", "zero-shot", "ICL", "fine-tuning", "n"));
        for (MeasuredStudy study : main)
            for (String dataset : study.datasets())
                for (SummaryRow row : study.rows(dataset, Arms.MAIN))
                    table.add(line(List.of(study.model(), dataset, Integer.toString(row.shots())), row));
        return table;
    }

    private MarkdownTable controls() {
        MarkdownTable table =
                new MarkdownTable(3, List.of("model", "data set", "arm", "zero-shot", "ICL", "fine-tuning", "n"));
        for (MeasuredStudy study : all) {
            if (study.controls().isEmpty()) continue;
            for (String dataset : study.datasets()) {
                study.largest(dataset, Arms.MAIN)
                        .ifPresent(row -> table.add(line(List.of(study.model(), dataset, Arms.MAIN), row)));
                for (String arm : study.controls())
                    study.largest(dataset, arm)
                            .ifPresent(row -> table.add(line(List.of(study.model(), dataset, arm), row)));
            }
        }
        return table;
    }

    private static List<String> line(List<String> start, SummaryRow row) {
        List<String> line = new ArrayList<>(start);
        SHOWN.forEach(metric -> line.add(Numbers.share(row.metric(metric))));
        line.add(Numbers.n(row.metric(MetricName.accuracy(ScoredMethod.ICL))));
        return line;
    }

    private static void append(StringBuilder out, String heading, MarkdownTable table) {
        out.append("## ").append(heading).append("\n\n").append(table).append('\n');
    }
}
