package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.Schemas;
import org.dualform.contract.UserException;
import org.dualform.model.Assets;
import org.dualform.record.RecordAbout;
import org.dualform.record.RecordReader;
import org.dualform.score.similarity.CellRecords;
import org.dualform.task.cell.RecordOptions;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records and similarities, from the experiment to its tables. */
class RecordsTest {
    private static final String MINI = """
            {"model": "mini", "datasets": "topics", "shots": "0,2,4", "seeds": "1", "limit": 12,
             "learning_rate": 0.01, "record": true}
            """;

    @TempDir
    Path folder;

    private record Study(JsonNode results, JsonNode layers) {
        JsonNode metrics() {
            JsonNode rows = results.path("rows");
            return rows.path(rows.size() - 1).path("metrics");
        }

        double layer(String metric, int layer) {
            for (JsonNode line : layers.path("layers")) {
                if (line.path("metric").asText().equals(metric))
                    return line.path("mean").path(layer).doubleValue();
            }
            throw new AssertionError("no layers of " + metric);
        }
    }

    private Study run(String experiment) throws IOException {
        Path root = Path.of(System.getProperty("dualform.root", "."));
        Map<String, String> environment = Map.of(
                "DUALFORM_MODEL_ROOTS", root.resolve("models").toString(),
                "DUALFORM_HOME", folder.resolve("home").toString());
        try (Models models = Models.shared()) {
            TaskEvents events = TaskEvents.none();
            TaskRunner runner = new TaskRunner(Kinds.all(environment, 1), models, events, new Cancellation());
            Chain.Ended ended = new Chain(runner, folder.resolve("w"), false, events)
                    .run((ObjectNode) Json.mapper().readTree(experiment));
            assertThat(ended.failures()).isEmpty();
            JsonNode results = read(ended.results());
            assertThat(Schemas.RESULTS.mistakes(results)).isEmpty();
            JsonNode layers = read(ended.outputs().get("layers"));
            assertThat(Schemas.LAYERS.mistakes(layers)).isEmpty();
            return new Study(results, layers);
        }
    }

    private static JsonNode read(Path file) throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(file));
    }

    /** The values of a run in plain Hugging Face code, by layer and overall. */
    @ParameterizedTest
    @CsvSource({"sst2,predict,4", "sst2,official,4", "agnews,predict,1"})
    void agreeWithTheReference(String dataset, String position, int shots) throws Exception {
        JsonNode reference = read(Assets.at("golden/reference/stories15M_" + dataset + "_limit256.json"))
                .path("metrics")
                .path(position);
        for (String queries : List.of("unrotated", "rotated")) {
            Study study = run("""
                    {"model": "%s", "datasets": "%s", "shots": "%d", "seeds": "0", "limit": %d, "learning_rate": 0.002,
                     "record": true, "record_position": "%s", "record_queries": "%s", "baselines": ""}
                    """.formatted(
                            Assets.at("models/stories15M"),
                            Assets.at("datasets/" + dataset),
                            shots,
                            dataset.equals("sst2") ? 20 : 12,
                            position,
                            queries));
            agree(study, reference, "sim_aou", "SimAOU", 1e-4, 1e-4, 0);
            agree(study, reference, "sim_aou.raw", "SimAOU_raw", 1e-4, 1e-4, 0);
            agree(study, reference, "sim_am", "SimAM", 1e-4, 1e-4, 0);
            agree(study, reference, "sim_am.before_ft", "SimAM_before_FT", 1e-4, 1e-4, 0);
            agree(study, reference, "sim_am.delta", "SimAM_delta", 1e-4, Double.NaN, 1);
            String kendall = "Kendall_" + (queries.equals("rotated") ? "q_post" : "q_pre");
            agree(study, reference, "kendall.token", kendall, 2e-3, 1e-4, 0);
            assertThat(study.metrics()
                            .path("kendall.token.official")
                            .path("value")
                            .doubleValue())
                    .isCloseTo(
                            reference
                                    .path(kendall)
                                    .path("overall_after_float32_softmax")
                                    .doubleValue(),
                            within(5e-4));
            assertThat(study.metrics().path("sim_am.delta").path("reason").asText())
                    .contains("undefined in layer 0");
            assertThat(study.metrics().has("sim_aou.random")).isFalse();
        }
    }

    private static void agree(
            Study study, JsonNode reference, String ours, String theirs, double cell, double overall, int from) {
        JsonNode expected = reference.path(theirs);
        for (int layer = from; layer < expected.path("per_layer").size(); layer++) {
            assertThat(study.layer(ours, layer))
                    .as("%s, layer %d", ours, layer)
                    .isCloseTo(expected.path("per_layer").path(layer).doubleValue(), within(cell));
        }
        if (Double.isNaN(overall)) return;
        assertThat(study.metrics().path(ours).path("value").doubleValue())
                .as(ours)
                .isCloseTo(expected.path("overall").doubleValue(), within(overall));
    }

    @Test
    void everySimilarityStandsBesideItsBaselinesAndControls() throws Exception {
        Study study = run(MINI.replace("\"record\": true", "\"record\": true, \"arms\": \"untrained,lcgd\""));
        List<String> missing = new ArrayList<>();
        JsonNode main = study.results().path("rows").path(2).path("metrics");
        for (String metric : List.of(
                "sim_aou",
                "sim_aou.raw",
                "sim_am",
                "sim_am.delta",
                "kendall.token",
                "kendall.example",
                "recall.token",
                "recall.example")) {
            for (String suffix :
                    List.of("", ".random", ".random_uniform", ".permuted", ".noise_floor", ".untrained", ".lcgd")) {
                if (!main.has(metric + suffix)) missing.add(metric + suffix);
            }
        }
        assertThat(missing).isEmpty();
        assertThat(main.has("sim_aou.untrained_embeddings")).isFalse();
        assertThat(main.has("sim_aou.random.untrained")).isFalse();
        assertThat(main.path("sim_aou").path("n").intValue()).isEqualTo(12);
        assertThat(main.path("sim_aou").path("interval").asText()).isEqualTo("bootstrap-examples");
        assertThat(main.path("sim_aou.random").path("value").doubleValue()).isCloseTo(0, within(0.05));
        assertThat(main.path("icl_ft.token_overlap").path("value").doubleValue())
                .isBetween(0.0, 1.0);
        assertThat(study.results().path("rows").path(1).path("metrics").has("sim_aou"))
                .as("only the largest shot count is recorded")
                .isFalse();
        assertThat(study.results().path("summary").path(2).path("metrics").has("sim_aou.lcgd"))
                .isTrue();
    }

    @Test
    void recordsOfOtherPromptsAndFilesCutShortAreRefused() throws Exception {
        run(MINI);
        List<Path> files = new ArrayList<>();
        try (var all = Files.walk(folder.resolve("w/results"))) {
            all.filter(f -> f.endsWith(RecordOptions.FILE)).sorted().forEach(files::add);
        }
        Path training = files.stream()
                .filter(f -> f.toString().contains("finetune"))
                .findFirst()
                .orElseThrow();
        List<Path> inferred =
                files.stream().filter(f -> f.toString().contains("infer")).toList();
        boolean first = RecordReader.open(inferred.get(0)).has("icl.attn_out");
        Path icl = inferred.get(first ? 0 : 1);
        Path ft = inferred.get(first ? 1 : 0);
        assertThat(CellRecords.open(icl, ft, training).shots()).isEqualTo(4);

        RecordAbout about = RecordAbout.of(RecordReader.open(icl));
        assertThatThrownBy(() -> about.requireSame(
                        new RecordAbout(about.model(), "0123", about.position(), about.queries(), about.shots()), "ft"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("another set of prompts");
        assertThatThrownBy(() -> about.requireSame(
                        new RecordAbout("4567", about.prompts(), about.position(), about.queries(), about.shots()),
                        "ft"))
                .hasMessageContaining("another model");
        Path cut = Files.copy(ft, folder.resolve("cut.safetensors"));
        try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(cut) - 4);
        }
        assertThatThrownBy(() -> CellRecords.open(icl, cut, training))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cut short");
    }

    @Test
    void divergenceLeavesNoSimilarityAndNoFailure() throws Exception {
        ObjectNode experiment = (ObjectNode) Json.mapper().readTree(MINI.replace("0.01", "1e300"));
        Path root = Path.of(System.getProperty("dualform.root", "."));
        try (Models models = Models.shared()) {
            TaskRunner runner = new TaskRunner(
                    Kinds.all(
                            Map.of(
                                    "DUALFORM_MODEL_ROOTS",
                                    root.resolve("models").toString()),
                            1),
                    models,
                    TaskEvents.none(),
                    new Cancellation());
            Chain.Ended ended = new Chain(runner, folder.resolve("w"), false, TaskEvents.none()).run(experiment);
            assertThat(ended.failures()).isEmpty();
            assertThat(read(ended.results())
                            .path("rows")
                            .path(2)
                            .path("metrics")
                            .has("sim_aou"))
                    .isFalse();
            assertThat(ended.outputs()).doesNotContainKey("layers");
        }
    }
}
