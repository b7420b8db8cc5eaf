package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests tasks whose workspaces have nothing in common but a real MLflow server. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeparateWorkersTest {
    private static final String EXPERIMENT = "separate-workers";
    private static final String SPEC = """
            {"model": "mini", "datasets": "topics", "shots": "0,1,2", "seeds": "1", "limit": 10, "record": true,
             "transport": "%s"}
            """;

    private Path folder;
    private MlflowProcess server;
    private Mlflow mlflow;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        server = MlflowProcess.start(folder.resolve("mlflow"));
        mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()));
    }

    @AfterAll
    void stop() throws Exception {
        if (mlflow != null) mlflow.close();
        if (server != null) server.close();
    }

    private static ObjectNode spec(String transport) throws IOException {
        return (ObjectNode) Json.mapper().readTree(SPEC.formatted(transport));
    }

    private ScatteredChain chain(String study) {
        return new ScatteredChain(folder.resolve(study), tracking(study));
    }

    private Request.Tracking tracking(String study) {
        return new Request.Tracking(server.uri(), EXPERIMENT, study);
    }

    private List<String> transported(String study) {
        List<String> files = new ArrayList<>();
        for (RunView run : mlflow.runs().everyOfStudy(EXPERIMENT, study))
            mlflow.artifacts().list(run, "transport").forEach(file -> files.add(run.name() + ": " + file));
        return files;
    }

    @Test
    void measureTheSameToTheLastDigit() throws Exception {
        JsonNode shared = WholeChain.results(folder.resolve("one"), SPEC.formatted("shared"));
        List<ScatteredChain.Ran> ran = chain("same").until("finish", spec("mlflow"));

        Result summary = ran.get(ran.size() - 1).result();
        assertThat(summary.outputs().values()).allMatch(file -> file.uri().startsWith(Reference.ARTIFACTS + "/"));
        RunView run = mlflow.runs().ofStudy(EXPERIMENT, "same").stream()
                .filter(each -> each.name().startsWith("summary"))
                .findFirst()
                .orElseThrow();
        JsonNode apart = Json.mapper()
                .readTree(mlflow.artifacts().text(run, "results.json").orElseThrow());
        for (String part : List.of("rows", "summary", "selection", "answers", "rates"))
            assertThat(withoutClock(apart.path(part))).as(part).isEqualTo(withoutClock(shared.path(part)));
        assertThat(transported("same")).hasSizeGreaterThan(10).allMatch(file -> !file.contains(".."));
        for (ScatteredChain.Ran task : ran) System.out.println(task.step().name() + " " + task.result().outputs());
    }

    /** What a clock measured differs from run to run. */
    private static JsonNode withoutClock(JsonNode rows) {
        JsonNode copy = rows.deepCopy();
        for (JsonNode row : copy) {
            ObjectNode metrics = row.path("metrics").isObject() ? (ObjectNode) row.path("metrics").deepCopy() : Json.mapper().createObjectNode();
            List<String> clocked = new ArrayList<>();
            metrics.fieldNames().forEachRemaining(name -> {
                if (name.contains("ms_per") || name.contains("seconds")) clocked.add(name);
            });
            metrics.remove(clocked);
            if (row instanceof ObjectNode object && object.has("metrics")) object.set("metrics", metrics);
        }
        return copy;
    }
}
