package org.dualform.task.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.assertj.core.data.Offset;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.model.gguf.MiniGguf;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.source.Reach;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plan task, run as a worker runs it. */
class PlanKindTest {
    @TempDir
    Path folder;

    private static final Path MODELS = Path.of(System.getProperty("dualform.root", ".."))
            .resolve("models")
            .toAbsolutePath()
            .normalize();

    private Result run(ObjectNode experiment) {
        return run(experiment, Map.of(), false);
    }

    private Result run(ObjectNode experiment, boolean measure) {
        return run(experiment, Map.of(), measure);
    }

    private Result run(ObjectNode experiment, Map<String, String> more) {
        return run(experiment, more, false);
    }

    private Result run(ObjectNode experiment, Map<String, String> more, boolean measure) {
        return run(experiment, more, parameters -> {
            if (measure) parameters.put("measure_rate", true);
        });
    }

    private Result run(ObjectNode experiment, Map<String, String> more, Consumer<ObjectNode> asked) {
        Map<String, String> environment = new HashMap<>(more);
        environment.putIfAbsent("DUALFORM_MODEL_ROOTS", MODELS.toString());
        environment.put("DUALFORM_HOME", folder.toString());
        PlanKind kind = new PlanKind(environment, 1);
        ObjectNode parameters = Json.mapper().createObjectNode().set(PlanKind.EXPERIMENT, experiment);
        asked.accept(parameters);
        return new TaskRunner(Map.of("plan", kind), Models.ofOneTask(), TaskEvents.none(), new Cancellation())
                .run(new Request(
                        1,
                        "plan",
                        null,
                        null,
                        parameters,
                        Map.of(),
                        folder.resolve("workspace").toString(),
                        false));
    }

    /** The plan is made once, for the key and for the result; templates with the same evaluation split share its rows. */
    @Test
    void whatThePlanNeedsIsReadOnce() throws Exception {
        Path data = Files.createDirectories(folder.resolve("colours"));
        Path train = Files.writeString(data.resolve("train.jsonl"), rows(40));
        Path validation = Files.writeString(data.resolve("validation.jsonl"), rows(10));
        Path templates = Files.createDirectories(folder.resolve("templates"));
        String template =
                "name: %s\nversion: 1\nfields: [text]\ntext: \"%s {text} Label:\"\nwords: {red: red, blue: blue}\n";
        Path one = Files.writeString(templates.resolve("one.yaml"), template.formatted("one", "Say"));
        Path two = Files.writeString(templates.resolve("two.yaml"), template.formatted("two", "Read"));
        ObjectNode experiment = Json.mapper()
                .createObjectNode()
                .put("model", "mini")
                .put("datasets", data.toString())
                .put("template", one + "," + two)
                .put("shots", "0,2")
                .put("seeds", "1");
        try (Recording reads = new Recording()) {
            reads.enable("jdk.FileRead").withoutThreshold().withoutStackTrace();
            reads.start();
            Result result = run(experiment);
            reads.stop();
            Path file = folder.resolve("reads.jfr");
            reads.dump(file);
            assertThat(result.metrics()).containsEntry("cells", 2.0);
            assertThat(bytesRead(file, train)).isEqualTo(Files.size(train));
            assertThat(bytesRead(file, validation)).isEqualTo(Files.size(validation));
            Path tokenizer = MODELS.resolve("mini/tokenizer.json");
            assertThat(bytesRead(file, tokenizer))
                    .as("once for its hash, once to tokenise")
                    .isEqualTo(2 * Files.size(tokenizer));
        }
    }

    /** Rows that stand where they should not are told by the plan, whose warnings the report repeats. */
    @Test
    void repeatedRowsAreWarnedOf() throws Exception {
        Path data = Files.createDirectories(folder.resolve("colours"));
        Files.writeString(
                data.resolve("train.jsonl"), rows(8) + "{\"text\": \"Number 0, is HERE!\", \"label\": \"red\"}\n");
        Files.writeString(data.resolve("validation.jsonl"), """
                {"text": "something else", "label": "red"}
                {"text": "number 7 is here.", "label": "blue"}
                {"text": "NUMBER 0 is  here", "label": "red"}
                """);
        Result result = run(Json.mapper()
                .createObjectNode()
                .put("model", "mini")
                .put("datasets", data.toString())
                .put("template", "generic")
                .put("shots", "0,9")
                .put("seeds", "0"));
        assertThat(result.message())
                .contains("Warning: colours: 2 of the 3 evaluated rows have the letters and digits of a training row;"
                        + " the first is validation/1, which is train/7 as well.")
                .contains("Warning: colours, seed 0: 2 of the 3 evaluated rows are also demonstrations")
                .contains("Warning: colours, seed 0: 1 of the 9 demonstrations repeat another one, by their letters and"
                        + " digits; the first is train/8, which repeats train/0.");
    }

    /** Both are measured right, and a reader has to know; once for each data set, whatever the number of seeds. */
    @Test
    void labelWordsOfSeveralTokensAndWithACommonBeginningAreWarnedOf() throws Exception {
        Path data = Files.createDirectories(folder.resolve("colours"));
        Files.writeString(data.resolve("train.jsonl"), rows(8));
        Files.writeString(data.resolve("validation.jsonl"), rows(4));
        Path template = Files.writeString(
                folder.resolve("long.yaml"),
                "name: long\nversion: 1\nfields: [text]\ntext: \"{text} Label:\"\n"
                        + "words: {red: sheep bread, blue: sheep judo}\n");
        Result result = run(Json.mapper()
                .createObjectNode()
                .put("model", "mini")
                .put("datasets", data.toString())
                .put("template", template.toString())
                .put("shots", "0,2")
                .put("seeds", "1,2"));
        assertThat(result.message())
                .containsOnlyOnce("colours: Label words of several tokens: 'sheep judo' (2), 'sheep bread' (2).")
                .containsOnlyOnce(
                        "colours: 2 label words begin with the same token: 'sheep judo', 'sheep bread'. This is measured");
    }

    /** Small cells share a task only where there are many, so a small grid does not wait for a measurement. */
    @Test
    void theRateOfASmallGridIsNotMeasured() {
        ObjectNode experiment = Json.mapper()
                .createObjectNode()
                .put("model", "mini")
                .put("datasets", "topics")
                .put("shots", "0,2")
                .put("seeds", "1,2");
        Result two = run(experiment, Map.of(), parameters -> parameters.put("measure_rate_above", 2));
        assertThat(two.metrics()).doesNotContainKey(PlanKind.RATE);
        Result more = run(experiment, Map.of(), parameters -> parameters.put("measure_rate_above", 1));
        assertThat(more.metrics().get(PlanKind.RATE)).isBetween(10.0, 1e7);
    }

    /** Whoever approves a study sees its memory and disk, and its minutes if the rate is measured. */
    @Test
    void theCostIsInTheMetricsAndTheRateIfAskedFor() {
        ObjectNode experiment = Json.mapper()
                .createObjectNode()
                .put("model", "mini")
                .put("datasets", "topics")
                .put("shots", "0,2")
                .put("seeds", "1");
        Result plain = run(experiment);
        assertThat(plain.metrics().get("memory_bytes")).isBetween(1e8, 2e9);
        assertThat(plain.metrics().get("disk_bytes")).isBetween(1e4, 1e6);
        assertThat(plain.metrics()).doesNotContainKey(PlanKind.RATE);
        Result measured = run(experiment, true);
        assertThat(measured.metrics().get(PlanKind.RATE)).isBetween(10.0, 1e7);
        assertThat(measured.metrics()).containsAllEntriesOf(plain.metrics());
        assertThat(plain.message()).doesNotContain("tokens a second");
        assertThat(measured.message()).contains("tokens a second here, choosing takes about", "at most", "the study");
        assertThat(folder.resolve("speeds")).isDirectoryContaining("glob:**.json");
        assertThat(measured.outputs().get("plan").sha256())
                .isEqualTo(plain.outputs().get("plan").sha256());
    }

    @Test
    void aRowFileThatIsNotThereIsToldAsThat() {
        Path rows = folder.resolve("rows.json");
        assertThatThrownBy(() -> run(Json.mapper()
                        .createObjectNode()
                        .put("model", "mini")
                        .put("datasets", "topics")
                        .put("rows", rows.toString())))
                .isInstanceOf(UserException.class)
                .hasMessage("rows: the file " + rows + " cannot be read: it does not exist.");
    }

    /** Whether there is something at a path that may not be named, the answer does not tell. */
    @Test
    void aFormMayNameNoPathOutsideTheRoots() throws IOException {
        Path there = Files.writeString(folder.resolve("there.yaml"), "name: x");
        Files.writeString(folder.resolve("there.json"), "[{\"text\": \"private\", \"label\": \"a\"}]");
        for (String name : new String[] {"there", "absent"}) {
            ObjectNode experiment = Json.mapper()
                    .createObjectNode()
                    .put("model", folder + "/" + name)
                    .put("datasets", folder + "/" + name + ".json")
                    .put("template", folder + "/" + name + ".yaml")
                    .put("rows", folder + "/" + name + ".json");
            assertThatThrownBy(() -> run(experiment, Reach.ofTask(Map.of())))
                    .isInstanceOfSatisfying(UserException.class, e -> {
                        assertThat(e.exitCode()).isEqualTo(ExitCode.DATA);
                        assertThat(e.mistakes())
                                .hasSize(4)
                                .allSatisfy(mistake -> assertThat(mistake)
                                        .contains("is not below a folder", MODELS.toString(), "DUALFORM_PATHS=any")
                                        .doesNotContain("private"));
                    });
        }
        assertThat(there).exists();
    }

    @Test
    void namesOfRootsAndBuiltInOnesMayBeNamedFromAForm() {
        ObjectNode experiment = Json.mapper()
                .createObjectNode()
                .put("model", MODELS.resolve("mini").toString())
                .put("datasets", "topics")
                .put("shots", "0,2")
                .put("limit", 4);
        assertThat(run(experiment, Reach.ofTask(Map.of())).status()).isEqualTo(Result.Status.DONE);
    }

    /** By its name in a root, and not if a part of it lies elsewhere. Its weights are widened, so tasks share none. */
    @Test
    void aGgufFileIsPlannedLikeAFolder() throws IOException {
        Path root = Files.createDirectories(folder.resolve("roots"));
        Path file = MiniGguf.writer().write(root.resolve("small.gguf"));
        Map<String, String> form = Reach.ofTask(Map.of("DUALFORM_MODEL_ROOTS", root.toString()));
        ObjectNode experiment = Json.mapper()
                .createObjectNode()
                .put("model", "small.gguf")
                .put("datasets", "topics")
                .put("shots", "0,2")
                .put("limit", 4);
        Result planned = run(experiment, form);
        assertThat(planned.status()).isEqualTo(Result.Status.DONE);
        assertThat(run(experiment, form).outputs()).isEqualTo(planned.outputs());
        MiniGguf.writer().put("general.name", "another").write(file);
        assertThat(run(experiment, form).outputs()).isNotEqualTo(planned.outputs());
        Path outside = Files.move(file, folder.resolve("outside.gguf"));
        Files.createSymbolicLink(file, outside);
        assertThatThrownBy(() -> run(experiment, form))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("a link in it leads out of there");
        assertThatThrownBy(() -> run(experiment.put("model", root + "/absent.gguf"), form))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("There is no GGUF file " + root + "/absent.gguf");
    }

    @Test
    void aProxyThatCannotBeUsedIsAMistakeOfConfiguration() {
        ObjectNode experiment =
                Json.mapper().createObjectNode().put("model", "org/model").put("datasets", "topics");
        assertThatThrownBy(() -> run(experiment, Map.of("https_proxy", "socks5://127.0.0.1:1")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG))
                .hasMessageContaining("socks5");
        // Beside a mistake in the data, the data is what the exit code tells.
        experiment.put("datasets", "topcs");
        assertThatThrownBy(() -> run(experiment, Map.of("https_proxy", "socks5://127.0.0.1:1")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA));
    }

    /**
     * What choosing takes at most follows from two numbers: of one prompt with its queries (in context), and of one
     * training with the same queries. The rate is tried at eight values. Beside them stand the first slice without training,
     * and a look whether the best rate is stable.
     */
    @Test
    void theCostOfChoosingIsCountedApart() throws Exception {
        Path data = Files.createDirectories(folder.resolve("colours"));
        Files.writeString(data.resolve("train.jsonl"), rows(40));
        Files.writeString(data.resolve("validation.jsonl"), rows(10));
        long context = choosing(data, "icl", "0.1", "").path(MOST).asLong();
        long trained = choosing(data, "ft", "0.1", "").path(MOST).asLong();
        long chosenRate = choosing(data, "ft", "auto", "").path(MOST).asLong();
        long beside = chosenRate - 9 * trained;
        assertThat(context).isPositive();
        assertThat(beside).isPositive().isLessThan(3 * trained);
        assertThat(choosing(data, "icl,ft", "auto", "").path(MOST).asLong()).isCloseTo(context + chosenRate, ROUNDED);
        assertThat(choosing(data, "ft", "paper", "").path(MOST).asLong()).isCloseTo(beside + 37 * trained, ROUNDED);
        assertThat(choosing(data, "icl,ft", "0.1", "order").path(MOST).asLong())
                .isCloseTo(3 * (context + trained), ROUNDED);
        assertThat(choosing(data, "icl,ft", "auto", "").path(EXPECTED).asLong())
                .isPositive()
                .isLessThan(context + chosenRate);
    }

    /** Each part is rounded to whole tokens by itself. */
    private static final Offset<Long> ROUNDED = Offset.offset(50L);

    private static final String MOST = "most_select_tokens";
    private static final String EXPECTED = "select_tokens";

    /** The costs of a study of one seed, two orders and the counts 0 and 2. */
    private JsonNode choosing(Path data, String methods, String rate, String select) throws IOException {
        Result result = run(Json.mapper()
                .createObjectNode()
                .put("model", "mini")
                .put("datasets", data.toString())
                .put("shots", "0,2")
                .put("seeds", "1")
                .put("orders", "0,1")
                .put("methods", methods)
                .put("learning_rate", rate)
                .put("select", select));
        JsonNode cost = Json.mapper()
                .readTree(Files.readAllBytes(folder.resolve("workspace")
                        .resolve(result.outputs().get("plan").path())))
                .path("cost");
        double study = cost.path("icl_tokens").asDouble()
                + cost.path("train_tokens").asDouble()
                + cost.path("ft_tokens").asDouble();
        assertThat(result.metrics().get("tokens")).isEqualTo(cost.path(EXPECTED).asDouble() + study);
        assertThat(result.message())
                .contains(
                        "Choosing takes about "
                                + PlanCost.count(cost.path(EXPECTED).asLong()),
                        "at most " + PlanCost.count(cost.path(MOST).asLong()),
                        "the study itself " + PlanCost.count((long) study));
        return cost;
    }

    private static long bytesRead(Path recording, Path file) throws IOException {
        long bytes = 0;
        for (RecordedEvent event : RecordingFile.readAllEvents(recording)) {
            if (event.getEventType().getName().equals("jdk.FileRead")
                    && file.toString().equals(event.getString("path")))
                bytes += Math.max(0, event.getLong("bytesRead"));
        }
        return bytes;
    }

    private static String rows(int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++)
            rows.append(
                    "{\"text\": \"number %d is here\", \"label\": \"%s\"}\n".formatted(i, i % 2 == 0 ? "red" : "blue"));
        return rows.toString();
    }
}
