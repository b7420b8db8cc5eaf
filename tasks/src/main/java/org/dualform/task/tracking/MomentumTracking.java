package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.mlflow.TrackedRun;
import org.dualform.mlflow.page.Links;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.Table;
import org.dualform.mlflow.value.Tags;
import org.dualform.momentum.result.Cell;
import org.dualform.momentum.result.PairedInterval;
import org.dualform.momentum.result.StudyFindings;
import org.dualform.momentum.result.StudyTable;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.jspecify.annotations.Nullable;

/** Tracks the summary run of a study of momentum, which its comparison makes, writes and ends. */
public final class MomentumTracking extends OwnedRun {
    /** Of a model: output and file of what was measured. */
    public static final String MEASURED = "measured";

    public static final String MEASURED_FILE = "measured.json";
    /** Of a comparison: its outputs and their files. */
    public static final String MEASUREMENTS = "measurements";

    public static final String MEASUREMENTS_FILE = "measurements.json";
    public static final String MARKDOWN = "markdown";
    public static final String MARKDOWN_FILE = "report.md";
    public static final String REPORT = "report";
    public static final String REPORT_FILE = "report.html";
    public static final String FIGURES = "figures";
    public static final String FIGURES_FILE = "figures.png";
    /** The tables as values. */
    public static final String FINDINGS = "findings";

    public static final String FINDINGS_FILE = "findings.json";
    /** Metrics of a model; the step is the context length or the shot count. */
    public static final String PERPLEXITY = StudyTable.Quantity.PERPLEXITY.id();

    public static final String ACCURACY = StudyTable.Quantity.ACCURACY.id();

    private static final List<String> COLUMNS =
            List.of("id", "table", "model", "seeds", "tokens or shots", "mean", "difference", "low", "high");

    private final JsonNode form;

    /** @param form the study, as the request has it */
    public MomentumTracking(StudyTracking study, JsonNode form) {
        super(study);
        this.form = form;
    }

    @Override
    public Optional<Result.Run> begin(TaskContext context) {
        return open(study().run(
                        study().key("", StudyTracking.SUMMARY),
                        "summary " + study().study(),
                        RunParams.specParams(form),
                        Map.of(Tags.KIND, StudyTracking.SUMMARY)));
    }

    @Override
    public Result done(TaskContext context, Result result) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        for (Map.Entry<String, String> file : Map.of(
                        MEASUREMENTS, MEASUREMENTS_FILE,
                        MARKDOWN, MARKDOWN_FILE,
                        REPORT, REPORT_FILE,
                        FIGURES, FIGURES_FILE)
                .entrySet()) {
            if (result.outputs().containsKey(file.getKey())) {
                files.put(file.getValue(), context.output(result, file.getKey()));
            }
        }
        StudyFindings found =
                Json.mapper().readValue(Files.readAllBytes(context.output(result, FINDINGS)), StudyFindings.class);
        run().ifPresent(run -> write(context, run, result, found, files));
        return result;
    }

    private void write(
            TaskContext context, TrackedRun run, Result result, StudyFindings found, Map<String, Path> files) {
        run.metrics(points(found));
        run.tags(Map.of(Tags.CONTENT_KEY, result.provenance().path("key").asText()));
        run.table("tables.json", table(found));
        files.forEach(run::file);
        run.note(result.message());
        Optional<String> experiment = run.experimentId();
        if (experiment.isPresent() && run.id().isPresent()) {
            Links links = study().links(experiment.get());
            String study = study().study();
            context.link("curves", links.charts(study, TrainingTracking.KIND).toString());
            if (!run.refused(REPORT_FILE)) {
                context.link(REPORT, links.artifact(run.id().get(), REPORT_FILE).toString());
            }
        }
        run.end(RunStatus.FINISHED);
    }

    /** The metrics of a comparison, such as {@code sum-0.9/perplexity.difference} at a step of 48 tokens. */
    private static List<MetricPoint> points(StudyFindings found) {
        List<MetricPoint> points = new ArrayList<>();
        for (StudyTable table : found.tables()) {
            for (StudyTable.Row row : table.rows()) {
                for (int i = 0; i < row.cells().size(); i++) {
                    int step = table.columns().get(i);
                    values(row.arm() + "/" + table.quantity().id(), row.cells().get(i))
                            .forEach((name, value) -> points.add(new MetricPoint(name, value, step)));
                }
            }
        }
        return points;
    }

    /** The values of every metric at its last step: the longest context, and the most shots. */
    public static Map<String, Double> last(StudyFindings found) {
        Map<String, Double> last = new TreeMap<>();
        points(found).forEach(point -> last.put(point.key(), point.value()));
        return last;
    }

    private static Map<String, Double> values(String name, Cell cell) {
        Map<String, Double> values = new TreeMap<>(Map.of(name, cell.mean()));
        PairedInterval d = cell.difference();
        if (d != null) {
            values.put(name + ".difference", d.mean());
            values.put(name + ".difference.low", d.low());
            values.put(name + ".difference.high", d.high());
        }
        return values;
    }

    private static Table table(StudyFindings found) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (StudyTable table : found.tables()) {
            for (StudyTable.Row row : table.rows()) {
                for (int i = 0; i < row.cells().size(); i++) {
                    rows.add(cells(
                            table, row, table.columns().get(i), row.cells().get(i)));
                }
            }
        }
        return new Table(COLUMNS, rows);
    }

    private static List<@Nullable Object> cells(StudyTable table, StudyTable.Row row, int column, Cell cell) {
        PairedInterval d = cell.difference();
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(table.quantity().id() + " " + row.arm() + " " + column
                + table.quantity().unit());
        cells.add(table.quantity().id());
        cells.add(row.arm());
        cells.add(row.seeds());
        cells.add(column);
        cells.add(cell.mean());
        cells.add(d == null ? null : d.mean());
        cells.add(d == null ? null : d.low());
        cells.add(d == null ? null : d.high());
        return cells;
    }
}
