package org.dualform.report.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dualform.report.panel.MarkdownTable;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ChosenRate;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;

/** What was measured and how, so that a reader knows what the tables rest on. */
final class StudyFacts {
    private StudyFacts() {}

    /** A line for each study. */
    static MarkdownTable of(List<MeasuredStudy> studies) {
        MarkdownTable table = new MarkdownTable(
                8, List.of("study", "model", "data sets", "rows each", "seeds", "shots", "controls", "learning rates"));
        for (MeasuredStudy study : studies)
            table.add(List.of(
                    study.name(),
                    study.model(),
                    String.join(", ", study.datasets()),
                    rows(study),
                    seeds(study),
                    shots(study),
                    study.controls().isEmpty() ? "none" : String.join(", ", study.controls()),
                    rates(study)));
        return table;
    }

    /** Rows that were evaluated for one seed: all of them, or fewer than asked for where the data has no more. */
    private static String rows(MeasuredStudy study) {
        NavigableSet<Integer> counts = new TreeSet<>();
        for (String dataset : study.datasets()) {
            Metric icl = study.metric(dataset, MetricName.accuracy(ScoredMethod.ICL));
            int seeds = study.largest(dataset, Arms.MAIN)
                    .map(row -> row.seeds().size())
                    .orElse(1);
            if (icl != null && icl.n() != null) counts.add(icl.n() / seeds);
        }
        return range(counts);
    }

    private static String seeds(MeasuredStudy study) {
        return study.datasets().stream()
                .flatMap(dataset -> study.rows(dataset, Arms.MAIN).stream())
                .flatMap(row -> row.seeds().stream())
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    /** {@code 0, 4, 32; agnews 0, 4, 22}. */
    private static String shots(MeasuredStudy study) {
        List<String> parts = new ArrayList<>();
        String first = "";
        for (String dataset : study.datasets()) {
            String shots = study.rows(dataset, Arms.MAIN).stream()
                    .map(SummaryRow::shots)
                    .map(String::valueOf)
                    .collect(Collectors.joining(", "));
            if (parts.isEmpty()) {
                first = shots;
                parts.add(shots);
            } else if (!shots.equals(first)) {
                parts.add(dataset + " " + shots);
            }
        }
        return String.join("; ", parts);
    }

    private static String rates(MeasuredStudy study) {
        List<String> chosen = study.results().rates().stream()
                .filter(rate -> rate.arm().equals(Arms.MAIN))
                .map(StudyFacts::rate)
                .toList();
        return chosen.isEmpty() ? study.results().spec().path("learning_rate").asText() : String.join(", ", chosen);
    }

    private static String rate(ChosenRate rate) {
        String text = rate.dataset() + " " + String.format(Locale.ROOT, "%.2g", rate.learningRate());
        return switch (rate.place()) {
            case INSIDE -> text;
            case LOWEST -> text + " (lowest tried)";
            case HIGHEST -> text + " (highest tried)";
            case ALL_DIVERGED -> text + " (none trained well)";
        };
    }

    private static String range(NavigableSet<Integer> counts) {
        if (counts.isEmpty()) return "none";
        return counts.size() == 1 ? counts.first().toString() : counts.first() + " to " + counts.last();
    }
}
