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
import org.dualform.mlflow.value.Tags;
import org.dualform.prompt.PromptSet;
import org.dualform.score.cell.CellScores;
import org.dualform.score.result.ResultRow;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;

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
        PromptSet prompts = PromptSet.fromJson(Files.readAllBytes(context.input("prompts")));
        run().ifPresent(run -> run.together(() -> {
            say(run, points(scores.rows()));
            run.tags(Map.of(Tags.CONTENT_KEY, result.provenance().path("key").asText()));
            run.table("examples.json", ExampleTable.of(scores.examples(), prompts));
            if (!scores.layers().isEmpty()) run.table("layers.json", LayerTable.of(scores.layers()));
            run.end(RunStatus.FINISHED);
        }));
        return result;
    }

    private static List<MetricPoint> points(List<ResultRow> rows) {
        List<MetricPoint> points = new ArrayList<>();
        for (ResultRow row : rows) {
            row.metrics().forEach((name, metric) -> points.addAll(MetricPoints.of(name, metric, row.shots())));
        }
        return points;
    }
}
