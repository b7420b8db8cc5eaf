package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.data.DatasetLocator;
import org.dualform.hub.FakeHub;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chain whose model and data set are named as on a hub. */
class FromHubTest {
    @TempDir
    Path folder;

    private FakeHub server;
    private Path model;
    private Path dataset;

    @BeforeEach
    void serve() throws IOException {
        server = new FakeHub();
        model = Path.of(System.getProperty("dualform.root", "."), "models", "mini");
        dataset = DatasetLocator.fromEnvironment(
                        Map.of("DUALFORM_HOME", folder.resolve("builtin").toString()),
                        (reference, home) -> java.util.Optional.empty())
                .locate("topics");
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors")) {
            if (Files.exists(model.resolve(file))) server.with(file, Files.readAllBytes(model.resolve(file)));
        }
        server.with("train.jsonl", Files.readAllBytes(dataset.resolve("train.jsonl")));
        server.with("validation.jsonl", Files.readAllBytes(dataset.resolve("validation.jsonl")));
        StringBuilder card = new StringBuilder("---\ndataset_info:\n  features:\n  - name: label\n    dtype:\n"
                + "      class_label:\n        names:\n");
        JsonNode labels = Json.mapper().readTree(dataset.resolve("labels.json").toFile());
        labels.properties()
                .forEach(label -> card.append("          '" + label.getKey() + "': "
                        + label.getValue().asText() + "\n"));
        server.with("README.md", card + "---\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(server.environment(folder.resolve("hf")));
        environment.put("DUALFORM_HOME", folder.resolve("home").toString());
        return environment;
    }

    private JsonNode run(String workspace, String model, String dataset) throws IOException {
        ObjectNode spec = Json.mapper()
                .createObjectNode()
                .put("model", model)
                .put("datasets", dataset)
                .put("shots", "0,2")
                .put("seeds", "1")
                .put("limit", 8)
                .put("template", "topics")
                .put("learning_rate", 0.01);
        try (Models models = Models.shared()) {
            TaskRunner runner =
                    new TaskRunner(Kinds.all(environment(), 1), models, TaskEvents.none(), new Cancellation());
            Chain.Ended ended = new Chain(runner, folder.resolve(workspace), false, TaskEvents.none()).run(spec);
            assertThat(ended.failures()).isEmpty();
            return Json.mapper().readTree(Files.readAllBytes(ended.results()));
        }
    }

    private Path copy(Path from, String to) throws IOException {
        Path target = Files.createDirectories(folder.resolve(to));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    @Test
    void theResultsAreThoseOfLocalFoldersAndSayWhereTheyComeFrom() throws IOException {
        JsonNode fetched = run("w1", "acme/tiny", "acme/tiny");
        JsonNode local = run(
                "w2", copy(model, "a/tiny").toString(), copy(dataset, "b/tiny").toString());
        assertThat(withoutClock(fetched)).isEqualTo(withoutClock(local));
        JsonNode provenance = fetched.path("provenance");
        assertThat(provenance.path("model").path("origin").asText()).isEqualTo("acme/tiny@" + FakeHub.COMMIT);
        assertThat(provenance.path("datasets").path(0).path("origin").asText())
                .isEqualTo("acme/tiny:default@" + FakeHub.COMMIT);
        assertThat(local.path("provenance").path("model").has("origin")).isFalse();
        assertNoToken(folder.resolve("w1"));
        long inferred = inferred();
        run("w1", "acme/tiny@" + FakeHub.COMMIT, "acme/tiny");
        assertThat(inferred())
                .as("another name for the same bytes computes nothing")
                .isEqualTo(inferred);
    }

    private long inferred() throws IOException {
        try (Stream<Path> keys = Files.list(folder.resolve("w1/results/infer"))) {
            return keys.count();
        }
    }

    private static String withoutClock(JsonNode results) {
        ObjectNode copy = Json.mapper().createObjectNode();
        copy.set("rows", results.path("rows"));
        copy.putObject("provenance");
        copy.set("summary", results.path("summary"));
        return ChainTest.comparable(copy);
    }

    private static void assertNoToken(Path workspace) throws IOException {
        try (Stream<Path> files = Files.walk(workspace)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(FakeHub.TOKEN);
            }
        }
    }

    @Test
    void everyUnknownNameIsToldAtOnceWithTheWayOut() {
        assertThatThrownBy(() -> run("w", "acme/unknown", "acme/nothing"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("There is no model acme/unknown")
                .hasMessageContaining("There is no data set acme/nothing");
        assertThatThrownBy(() -> run("w", "mni", "topic"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("org/name[@revision]")
                .hasMessageContaining("did you mean topics")
                .hasMessageContaining("org/name[:config]");
    }
}
