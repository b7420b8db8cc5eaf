package org.dualform.task.momentum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.model.ComputeThreads;
import org.dualform.momentum.Measurement;
import org.dualform.momentum.MomentumStudy;
import org.dualform.momentum.StudyReport;
import org.dualform.momentum.TrainedModel;
import org.dualform.momentum.result.StudyFindings;
import org.dualform.regression.RegressionReport;
import org.dualform.report.MomentumReport;
import org.dualform.report.figure.Picture;
import org.dualform.report.plot.Figure;
import org.dualform.report.plot.MomentumFigures;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.MomentumTracking;
import org.dualform.task.tracking.TrainingTracking;

/**
 * Compares the models of a study that were measured, and names those that are missing. {@code report.md} and {@code
 * measurements.json} have the bytes that {@code dualform momentum} writes.
 */
public final class MomentumCompareKind implements TaskKind<MomentumCompareKind.Parameters> {
    /** The metric with the number of trainings without a measurement. */
    private static final String MISSING = "models.missing";

    /**
     * The parameters of {@code momentum_compare}.
     *
     * @param study as {@code momentum_plan} had it
     */
    public record Parameters(JsonNode study) {}

    @Override
    public String name() {
        return "momentum_compare";
    }

    @Override
    public int algorithmVersion() {
        return 1;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new MomentumTracking(study, parameters.path("study"));
    }

    @Override
    public TaskOutcome run(TaskContext context, Parameters parameters) throws IOException {
        MomentumStudy study = StudyForm.read(parameters.study());
        List<Measurement> measured = new ArrayList<>();
        LearningCurves curves = new LearningCurves();
        for (MomentumStudy.Training training : study.trainings()) {
            Optional<Path> file = context.optionalInput(MomentumTracking.MEASURED + "." + training.name());
            if (file.isEmpty()) continue;
            Measurement one = Json.mapper().readValue(Files.readAllBytes(file.get()), Measurement.class);
            measured.add(one);
            Optional<Path> curve = context.optionalInput(TrainingTracking.CURVE + "." + training.name());
            if (curve.isPresent() && one.diverged().isEmpty()) {
                curves.add(training.arm().name(), curve.get());
            }
        }
        if (measured.isEmpty()) {
            throw UserException.data("No model of this study was measured. The logs of its trainings say why.");
        }
        int missing = study.trainings().size() - measured.size();
        return write(context, new StudyReport(study, measured), measured, curves)
                .withMetric(MISSING, (double) missing);
    }

    private static TaskOutcome write(
            TaskContext context, StudyReport report, List<Measurement> measured, LearningCurves curves)
            throws IOException {
        ComputeThreads.set(TrainedModel.THREADS);
        StudyFindings found = report.findings();
        List<Figure> figures = MomentumFigures.of(curves.means(), found.tables());
        String markdown = report.markdown() + "\n" + new RegressionReport(context.progress()).markdown();
        Path folder = context.folder();
        write(
                folder,
                MomentumTracking.MEASUREMENTS_FILE,
                Json.pretty(Json.mapper().valueToTree(measured)));
        write(folder, MomentumTracking.FINDINGS_FILE, Json.pretty(Json.mapper().valueToTree(found)));
        write(folder, MomentumTracking.MARKDOWN_FILE, markdown);
        write(folder, MomentumTracking.REPORT_FILE, new MomentumReport(found, figures).html());
        Map<String, String> outputs = new TreeMap<>(Map.of(
                MomentumTracking.MEASUREMENTS, MomentumTracking.MEASUREMENTS_FILE,
                MomentumTracking.FINDINGS, MomentumTracking.FINDINGS_FILE,
                MomentumTracking.MARKDOWN, MomentumTracking.MARKDOWN_FILE,
                MomentumTracking.REPORT, MomentumTracking.REPORT_FILE));
        if (!figures.isEmpty()) {
            Files.write(
                    folder.resolve(MomentumTracking.FIGURES_FILE),
                    Picture.png(figures.stream().map(Figure::picture).toList()));
            outputs.put(MomentumTracking.FIGURES, MomentumTracking.FIGURES_FILE);
        }
        TaskOutcome outcome = TaskOutcome.done(outputs).with(report.markdown().stripTrailing());
        for (Map.Entry<String, Double> last : MomentumTracking.last(found).entrySet()) {
            outcome = outcome.withMetric(last.getKey(), last.getValue());
        }
        return outcome;
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    }
}
