package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.mlflow.TrackedRun;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.Table;
import org.dualform.mlflow.value.Tags;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.theory.result.DualFormResult;
import org.dualform.theory.result.DualFormResults;
import org.dualform.theory.result.LayerRow;
import org.jspecify.annotations.Nullable;

/** Tracks the run of the theory's measurement. The task makes, writes and ends it. */
public final class DualFormTracking extends OwnedRun {
    public static final String OUTPUT = "dual_form";
    public static final String FILE = "dual_form.json";
    public static final String REPORT = "report";
    public static final String REPORT_FILE = "report.html";
    public static final String FIGURES = "figures";
    public static final String FIGURES_FILE = "figures.png";

    private static final String KIND = "dual_form";
    private static final List<String> COLUMNS =
            List.of("id", "dataset", "layer", "part", "measure", "floor", "mean", "least", "most", "n");

    private final ObjectNode parameters;

    public DualFormTracking(StudyTracking study, ObjectNode parameters) {
        super(study);
        this.parameters = parameters;
    }

    @Override
    public Optional<Result.Run> begin(TaskContext context) {
        return open(study().run(
                        study().key("", KIND),
                        "dual form " + study().study(),
                        RunParams.specParams(parameters.path("experiment")),
                        Map.of(Tags.KIND, KIND)));
    }

    @Override
    public Result done(TaskContext context, Result result) throws IOException {
        DualFormResults results =
                Json.mapper().readValue(Files.readAllBytes(context.output(result, OUTPUT)), DualFormResults.class);
        Path report = context.output(result, REPORT);
        Path figures = result.outputs().containsKey(FIGURES) ? context.output(result, FIGURES) : null;
        run().ifPresent(run -> write(context, run, result, results, report, figures));
        return result;
    }

    private void write(
            TaskContext context,
            TrackedRun run,
            Result result,
            DualFormResults results,
            Path report,
            @Nullable Path figures) {
        List<MetricPoint> points = new ArrayList<>();
        results.metrics().forEach((name, value) -> points.add(new MetricPoint(name, value, 0)));
        say(run, points);
        run.tags(Map.of(Tags.CONTENT_KEY, result.provenance().path("key").asText()));
        run.table("layers.json", table(results));
        run.file(REPORT_FILE, report);
        if (figures != null) run.file(FIGURES_FILE, figures);
        run.note(result.message().replace("\n", "\n\n"));
        Optional<String> experiment = run.experimentId();
        if (experiment.isPresent() && run.id().isPresent() && !run.refused(REPORT_FILE)) {
            context.link(
                    REPORT,
                    study().links(experiment.get())
                            .artifact(run.id().get(), REPORT_FILE)
                            .toString());
        }
        run.end(RunStatus.FINISHED);
    }

    private static Table table(DualFormResults results) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (DualFormResult result : results.results()) {
            for (LayerRow row : result.rows()) {
                List<@Nullable Object> cells = new ArrayList<>();
                cells.add(String.join(
                        " ",
                        result.dataset(),
                        row.measure().id(),
                        row.floor().id(),
                        Integer.toString(row.layer()),
                        row.part()));
                cells.add(result.dataset());
                cells.add(row.layer());
                cells.add(row.part());
                cells.add(row.measure().id());
                cells.add(row.floor().id());
                cells.add(row.mean());
                cells.add(row.least());
                cells.add(row.most());
                cells.add(row.n());
                rows.add(cells);
            }
        }
        return new Table(COLUMNS, rows);
    }
}
