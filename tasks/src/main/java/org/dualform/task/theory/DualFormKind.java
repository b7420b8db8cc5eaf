package org.dualform.task.theory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.report.TheoryReport;
import org.dualform.report.figure.Picture;
import org.dualform.report.plot.Figure;
import org.dualform.report.plot.TheoryFigures;
import org.dualform.task.file.PlanFile;
import org.dualform.task.plan.PlanKind;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.DualFormTracking;
import org.dualform.theory.result.DualFormResult;
import org.dualform.theory.result.DualFormResults;

/**
 * Measures the theory of Dai et al. 2022 in the layers of a model, on each data set of an experiment. It plans by itself,
 * so that a mistake is told as the plan tells it, and needs no task before it.
 */
public final class DualFormKind implements TaskKind<DualFormParameters> {
    /** Output and file of what was measured. */
    public static final String OUTPUT = DualFormTracking.OUTPUT;

    private final PlanKind plan;

    /** @param plan checks the experiment and finds what it names */
    public DualFormKind(PlanKind plan) {
        this.plan = plan;
    }

    @Override
    public String name() {
        return "dual_form";
    }

    @Override
    public int algorithmVersion() {
        return 1;
    }

    @Override
    public Class<DualFormParameters> parameters() {
        return DualFormParameters.class;
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new DualFormTracking(study, parameters);
    }

    /** The plan is part of the key: what a name stands for may have changed. */
    @Override
    public Prepared prepare(TaskContext context, DualFormParameters parameters) throws IOException {
        PlanFile planned = plan.planned(context, parameters.experiment());
        return new Prepared(planned.toJson(), own -> measure(own, parameters, planned));
    }

    @Override
    public TaskOutcome run(TaskContext context, DualFormParameters parameters) throws IOException {
        return prepare(context, parameters).computation().run(context);
    }

    private static TaskOutcome measure(TaskContext context, DualFormParameters parameters, PlanFile planned)
            throws IOException {
        List<DualFormResult> results = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Result.Item cell : planned.cells()) {
            TheoryCell found = TheoryCell.of(cell, planned);
            if (seen.add(found.prompt().inputs().dataset().name())) {
                results.add(new TheoryTask(context, parameters, found).measure());
            }
        }
        TheoryReport report = new TheoryReport(results);
        Path folder = context.folder();
        write(folder, DualFormTracking.FILE, Json.pretty(Json.mapper().valueToTree(new DualFormResults(results))));
        write(folder, DualFormTracking.REPORT_FILE, report.html());
        Map<String, String> outputs = new TreeMap<>(
                Map.of(OUTPUT, DualFormTracking.FILE, DualFormTracking.REPORT, DualFormTracking.REPORT_FILE));
        List<Picture> pictures = results.stream()
                .flatMap(result -> TheoryFigures.of(result).stream())
                .map(Figure::picture)
                .toList();
        if (!pictures.isEmpty()) {
            Files.write(folder.resolve(DualFormTracking.FIGURES_FILE), Picture.png(pictures));
            outputs.put(DualFormTracking.FIGURES, DualFormTracking.FIGURES_FILE);
        }
        TaskOutcome outcome = TaskOutcome.done(outputs).with(report.text().stripTrailing());
        for (Map.Entry<String, Double> metric :
                new DualFormResults(results).metrics().entrySet()) {
            outcome = outcome.withMetric(metric.getKey(), metric.getValue());
        }
        return outcome;
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    }
}
