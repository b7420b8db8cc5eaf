package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.Table;
import org.dualform.mlflow.value.Tags;
import org.dualform.score.cell.CellScores;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ResultRow;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.jspecify.annotations.Nullable;

/** Tracks the run that compares a cell's methods. Scoring makes, writes and ends it. */
public final class ComparisonTracking extends OwnedRun {
    private static final String KIND = "comparison";

    private final ObjectNode parameters;

    public ComparisonTracking(StudyTracking study, ObjectNode parameters) {
        super(study);
        this.parameters = parameters;
    }

    @Override
    public Optional<Result.Run> begin(TaskContext context) {
        TrackedCell cell = TrackedCell.of(parameters);
        return open(study().run(
                        study().key(cell.cell(), KIND),
                        cell.runName(KIND),
                        RunParams.cellParams(parameters, cell),
                        Map.of(Tags.KIND, KIND)));
    }

    @Override
    public Result done(TaskContext context, Result result) throws IOException {
        CellScores scores =
                Json.mapper().readValue(Files.readAllBytes(context.output(result, "scores")), CellScores.class);
        run().ifPresent(run -> {
            say(run, points(scores.rows()));
            run.tags(Map.of(Tags.CONTENT_KEY, result.provenance().path("key").asText()));
            run.table("examples.json", examples(scores.examples()));
            if (!scores.layers().isEmpty()) run.table("layers.json", LayerTable.of(scores.layers()));
            run.end(RunStatus.FINISHED);
        });
        return result;
    }

    private static List<MetricPoint> points(List<ResultRow> rows) {
        List<MetricPoint> points = new ArrayList<>();
        for (ResultRow row : rows) {
            row.metrics().forEach((name, metric) -> points.addAll(MetricPoints.of(name, metric, row.shots())));
        }
        return points;
    }

    private static Table examples(List<ExampleLine> lines) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (ExampleLine line : lines) {
            List<@Nullable Object> row = new ArrayList<>();
            row.add(line.shots() + " " + line.row());
            row.add(line.shots());
            row.add(line.row());
            row.add(line.gold());
            row.add(line.zsl());
            row.add(line.icl());
            row.add(line.ft());
            rows.add(row);
        }
        return new Table(List.of("id", "shots", "row", "gold", "zsl", "icl", "ft"), rows);
    }
}
