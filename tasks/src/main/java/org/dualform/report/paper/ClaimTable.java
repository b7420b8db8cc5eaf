package org.dualform.report.paper;

import java.util.ArrayList;
import java.util.List;
import org.dualform.report.panel.MarkdownTable;

/** Row by row, where the directions of the paper's tables hold: a line for each claim and study. */
final class ClaimTable {
    private final List<MeasuredStudy> studies;
    private final List<PublishedModel> published;

    ClaimTable(List<MeasuredStudy> studies, List<PublishedModel> published) {
        this.studies = studies;
        this.published = published;
    }

    MarkdownTable markdown() {
        List<String> head = new ArrayList<>(
                List.of("table", "claim", "model", "holds", "opposite", "cannot be decided", "not measured"));
        MarkdownTable table = new MarkdownTable(head.size(), head);
        for (Claim claim : Claim.values()) {
            for (MeasuredStudy study : studies) {
                List<String> line = start(claim, study.model());
                for (Claim.Verdict verdict : Claim.Verdict.values()) line.add(names(claim, study, verdict));
                table.add(line);
            }
            for (PublishedModel model : published) addPublished(table, claim, model);
        }
        return table;
    }

    private static void addPublished(MarkdownTable table, Claim claim, PublishedModel model) {
        List<String> datasets =
                model.values().values().iterator().next().keySet().stream().toList();
        List<String> holds = claim.published(model, datasets);
        if (holds.isEmpty()) return;
        List<String> others =
                datasets.stream().filter(name -> !holds.contains(name)).toList();
        List<String> line = start(claim, model.name() + " (paper, without intervals)");
        line.addAll(List.of(joined(holds), joined(others), "", ""));
        table.add(line);
    }

    private static List<String> start(Claim claim, String model) {
        return new ArrayList<>(List.of(Integer.toString(claim.table()), claim.sentence(), model));
    }

    private static String names(Claim claim, MeasuredStudy study, Claim.Verdict verdict) {
        return joined(study.datasets().stream()
                .filter(dataset -> claim.of(study, dataset) == verdict)
                .toList());
    }

    private static String joined(List<String> names) {
        return String.join(", ", names);
    }
}
