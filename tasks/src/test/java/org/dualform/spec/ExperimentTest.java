package org.dualform.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Schemas;
import org.dualform.contract.UserException;
import org.dualform.spec.choice.BaselineChoice;
import org.dualform.spec.choice.Chat;
import org.dualform.spec.choice.ChatDemonstrations;
import org.dualform.spec.choice.Choice;
import org.dualform.spec.choice.Choosable;
import org.dualform.spec.choice.Dtype;
import org.dualform.spec.choice.LearningRate;
import org.dualform.spec.choice.Preset;
import org.dualform.spec.choice.RecordPosition;
import org.dualform.spec.choice.RecordQueries;
import org.dualform.spec.choice.SelectOn;
import org.dualform.spec.choice.Transport;
import org.dualform.spec.read.SpecSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    @Test
    void absentKeysTakeTheSchemasDefaults() throws Exception {
        Experiment experiment = Experiment.fromJson(json("{'model': 'mini', 'datasets': ['topics']}"));
        SpecSchema schema = new SpecSchema();
        ObjectNode written = experiment.toJson();
        for (String name : schema.names()) {
            if (List.of("model", "datasets", "other_datasets").contains(name)) continue;
            assertThat(written.get(name)).as(name).isEqualTo(schema.defaultOf(name));
        }
        assertThat(written.size()).isEqualTo(schema.names().size() - 1); // other_datasets is merged
    }

    @Test
    void everyDefaultOfTheFormMayBeSentAsItStands() throws Exception {
        SpecSchema schema = new SpecSchema();
        ObjectNode form = JSON.createObjectNode();
        schema.names().forEach(name -> form.set(name, schema.defaultOf(name)));
        assertThat(Experiment.fromJson(form).data().datasets()).containsExactly("topics", "sentiment");
    }

    /** A parameter that the schema has and no group, or a group and not the schema, would be lost without a word. */
    @Test
    void everyParameterOfTheSchemaIsInOneGroup() {
        List<String> components = Stream.of(
                        DataChoice.class, MethodChoice.class, RecordingChoice.class, MachineChoice.class)
                .flatMap(group -> Arrays.stream(group.getRecordComponents()))
                .map(component ->
                        component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .toList();
        List<String> others = List.of("preset", "other_datasets"); // beside the groups; merged into datasets
        assertThat(Stream.concat(components.stream(), others.stream()))
                .containsExactlyInAnyOrderElementsOf(new SpecSchema().names());
    }

    @Test
    void everyChoiceOfTheSchemaIsAConstant() {
        Map<String, Choice[]> constants = Map.ofEntries(
                Map.entry("preset", Preset.values()),
                Map.entry("methods", Method.values()),
                Map.entry("select", Choosable.values()),
                Map.entry("select_on", SelectOn.values()),
                Map.entry("chat", Chat.values()),
                Map.entry("chat_demonstrations", ChatDemonstrations.values()),
                Map.entry("record_position", RecordPosition.values()),
                Map.entry("record_queries", RecordQueries.values()),
                Map.entry("baselines", BaselineChoice.values()),
                Map.entry("dtype", Dtype.values()),
                Map.entry("transport", Transport.values()));
        SpecSchema schema = new SpecSchema();
        for (String name : schema.names()) {
            List<String> ids = Arrays.stream(constants.getOrDefault(name, new Choice[0]))
                    .map(Choice::id)
                    .toList();
            assertThat(schema.choices(name)).as(name).isEqualTo(ids);
        }
    }

    @Test
    void whatDoesNotWorkIsRefusedWithTheReason() {
        assertThatThrownBy(() -> Experiment.fromJson(json("{'model': 'm', 'datasets': 'd', 'dtype': 'bfloat16'}")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("dtype: nothing is computed in bfloat16: ");
    }

    /** A form sends null for a text field that was cleared. */
    @Test
    void aClearedRowFileIsNone() throws Exception {
        assertThat(Experiment.fromJson(json("{'model': 'm', 'datasets': 'd', 'rows': null}"))
                        .data()
                        .rows())
                .isEmpty();
    }

    @Test
    void aNameWithACommaStandsInQuotes() throws Exception {
        ObjectNode spec = JSON.createObjectNode()
                .put("model", "/models/a, b")
                .put("datasets", "\"/data/mails, old\",topics")
                .put("template", "\"my, own.yaml\", generic");
        spec.putArray("other_datasets").add("c,d.csv");
        Experiment experiment = Experiment.fromJson(spec);
        assertThat(experiment.data().model()).isEqualTo("/models/a, b");
        assertThat(experiment.data().datasets()).containsExactly("/data/mails, old", "topics", "c,d.csv");
        assertThat(experiment.data().templates()).containsExactly("my, own.yaml", "generic");
        assertThat(Experiment.fromJson(experiment.toJson())).isEqualTo(experiment);
    }

    @Test
    void listsMayBeStrings() throws Exception {
        Experiment experiment = Experiment.fromJson(json("""
                        {'model': 'm', 'datasets': null, 'other_datasets': 'b, a/c.csv', 'shots': '8,0,4', 'seeds': '2,1',
                         'methods': 'ft', 'learning_rate': '3e-4', 'threads': '2', 'orders': '1,0'}"""));
        assertThat(experiment.data().datasets()).containsExactly("b", "a/c.csv");
        assertThat(experiment.data().shots()).containsExactly(0, 4, 8);
        assertThat(experiment.data().seeds()).containsExactly(1, 2);
        assertThat(experiment.methods().methods()).containsExactly(Method.FT);
        assertThat(experiment.methods().learningRate()).isEqualTo(LearningRate.fixed(3e-4));
        assertThat(experiment.machine().threads()).isEqualTo(OptionalInt.of(2));
        assertThat(experiment.data().orders()).containsExactly(0, 1);
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        assertThatThrownBy(() -> Experiment.fromJson(json("""
                                {'datasets': [], 'shotz': 3, 'shots': '1,,2', 'seeds': [-1], 'methods': null, 'limit': 0,
                                 'learning_rate': 0, 'arms': 'flip=2,lcdg', 'passes': 1.5, 'threads': 0, 'record': 'yes',
                                 'transport': 'ftp', 'template': '', 'reserve_tokens': 99999999999,
                                 'device': 'gpu', 'memory': '6 GB', 'dtype': 'float16'}""")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .message()
                .contains("did you mean shots")
                .contains("model: required")
                .contains("datasets: none given")
                .contains("shots: has to be at most 1000 whole numbers from 0 to 100000, such as 0,1,4, not \"1,,2\"")
                .contains("seeds: ")
                .contains("methods: ")
                .contains("limit: has to be a whole number from 1 to 10000, not 0")
                .contains("learning_rate: ")
                .contains("arms: 'lcdg' is not known; did you mean lcgd")
                .contains("passes: ")
                .contains("threads: ")
                .contains("memory: has to be auto or a size such as 6g or 800m, not \"6 GB\"")
                .contains("record: has to be true or false")
                .contains("transport: has to be shared or mlflow, not")
                .contains("template: ")
                .contains("reserve_tokens: ")
                .contains("device: has to be auto, cpu, cuda")
                .contains("dtype: nothing is computed in float16")
                .startsWith("19 mistakes");
    }

    /** What a user may ask for in one number is bounded, in whatever way it is written. */
    @Test
    void noNumberIsTooLarge() {
        String many = IntStream.rangeClosed(0, 1000).mapToObj(String::valueOf).collect(Collectors.joining(","));
        assertThatThrownBy(() -> Experiment.fromJson(json("""
                                {'model': 'm', 'datasets': 'a', 'shots': '0,100001', 'seeds': '%s', 'orders': [3000000000],
                                 'limit': 10001, 'record_limit': 10001, 'passes': 1001, 'threads': '65536',
                                 'reserve_tokens': 16777217, 'arms': 'ft=passes:1001,ft=v_layer:10000',
                                 'memory': '1000000000000000t',
                                 'per_dataset': {'a': {'shots': [100001], 'seeds': [%s]}}}""".formatted(many, many))))
                .isInstanceOf(UserException.class)
                .message()
                .contains(
                        "shots: has to be at most 1000 whole numbers from 0 to 100000, such as 0,1,4, not \"0,100001\"")
                .contains("seeds: has to be at most 1000 whole numbers from 0 to 2147483647")
                .contains(
                        "orders: has to be at most 1000 whole numbers from 0 to 2147483647, such as 0,1,4, not [3000000000]")
                .contains("limit: has to be a whole number from 1 to 10000, not 10001")
                .contains("record_limit: has to be a whole number from 1 to 10000, not 10001")
                .contains("passes: has to be a whole number from 1 to 1000, not 1001")
                .contains("threads: has to be auto or a whole number from 1 to 1024, not \"65536\"")
                .contains("reserve_tokens: has to be a whole number from 0 to 16777216, not 16777217")
                .contains("passes needs a whole number from 1 to 1000, as in ft=passes:5, not 'passes:1001'")
                .contains("v_layer needs a layer's number from 0 to 9999, or middle")
                .contains("memory: has to be auto or a size such as 6g or 800m")
                .contains(
                        "a: shots has to be a list of at most 1000 distinct whole numbers from 0 to 100000, not [100001]")
                .contains("a: seeds has to be a list of at most 1000 distinct whole numbers from 0 to 2147483647")
                .startsWith("13 mistakes");
    }

    /** A parameter that is added later needs a bound as well. */
    @Test
    void everyNumberOfTheSchemaHasALargest() {
        List<String> unbounded = new ArrayList<>();
        JsonNode parameters = Schemas.SPEC.document().path("properties");
        parameters.fieldNames().forEachRemaining(name -> bounded(name, parameters.get(name), unbounded));
        // A seed and an order are names of draws: any whole number will do, and the list's length is bounded.
        assertThat(unbounded)
                .containsOnly(
                        "seeds/oneOf/0/items",
                        "orders/oneOf/0/items",
                        "per_dataset/additionalProperties/properties/seeds/items");
    }

    private static void bounded(String at, JsonNode rule, List<String> unbounded) {
        String type = rule.path("type").asText("");
        boolean numbers = rule.path("items").path("type").asText("").equals("integer");
        if (type.equals("integer") && !rule.has("maximum")) unbounded.add(at);
        if (numbers && !rule.has("maxItems")) unbounded.add(at);
        if (rule.isArray()) for (int i = 0; i < rule.size(); i++) bounded(at + "/" + i, rule.get(i), unbounded);
        else rule.fieldNames().forEachRemaining(key -> bounded(at + "/" + key, rule.get(key), unbounded));
    }

    /** One of the two may have been meant to be another, and merged they would be fewer cells than asked for. */
    @Test
    void whatAListNamesTwiceIsToldInEveryList() throws Exception {
        assertThat(Experiment.draft(Json.mapper().readTree("""
                                        {"model": "mini", "datasets": "topics,topics,sentiment", "other_datasets":
                                        "sentiment", "shots": "2,0,2", "seeds": [1, 1], "orders": "0,0", "methods":
                                        "icl,icl", "arms": "main,flip=0.5,flip=0.50,lcgd,lcgd", "template": "sst2, sst2",
                                        "baselines": ["random", "random"], "select": "seed,seed"}
                                        """)).mistakes())
                .containsExactlyInAnyOrder(
                        "datasets: topics is named more than once; name it once.",
                        "datasets: sentiment is named here and in other_datasets; name it once.",
                        "shots: 2 is named more than once; name it once.",
                        "seeds: 1 is named more than once; name it once.",
                        "orders: 0 is named more than once; name it once.",
                        "methods: icl is named more than once; name it once.",
                        "arms: lcgd is named more than once; name it once.",
                        "arms: flip=0.5 is named more than once; name it once.",
                        "template: sst2 is named more than once; name it once.",
                        "baselines: random is named more than once; name it once.",
                        "select: seed is named more than once; name it once.");
    }

    @Test
    void wholeNumbersMayBeTheTextsOfAForm() throws Exception {
        Experiment form = Experiment.fromJson(json("""
                {'model': 'm', 'datasets': 'a', 'limit': '300', 'passes': ' 2 ', 'threads': '4', 'reserve_tokens': '0'}"""));
        assertThat(form).isEqualTo(Experiment.fromJson(json("""
                {'model': 'm', 'datasets': 'a', 'limit': 300, 'passes': 2, 'threads': 4, 'reserve_tokens': 0}""")));
        for (String wrong : List.of("0", "-5", "many", "1.5", "1e2", "", "99999999999")) {
            assertThatThrownBy(() ->
                            Experiment.fromJson(json("{'model': 'm', 'datasets': 'a', 'limit': '" + wrong + "'}")))
                    .hasMessageContaining("limit: has to be a whole number from 1 to 10000, not \"" + wrong + "\".");
        }
    }

    @Test
    void yamlAndJsonFilesReadBackAsWritten(@TempDir Path folder) throws Exception {
        Experiment experiment = Experiment.fromJson(
                json(
                        "{'model': '../a', 'datasets': 'x,y', 'learning_rate': 0.002, 'shots': [4, 0], 'split': 'no', 'template': '1.0'}"));
        Path yaml = Files.writeString(folder.resolve("spec.yaml"), experiment.toYaml());
        Path json = Files.writeString(
                folder.resolve("spec.json"), experiment.toJson().toString());
        assertThat(Experiment.fromFile(yaml)).isEqualTo(experiment);
        assertThat(Experiment.fromFile(json)).isEqualTo(experiment);
    }

    @Test
    void yamlMayWriteListsAsPlainText(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("spec.yaml"), "model: mini\ndatasets: sst2, cb\nshots: 0,4\nlearning_rate: 1e-3\n");
        Experiment experiment = Experiment.fromFile(file);
        assertThat(experiment.data().shots()).containsExactly(0, 4);
        assertThat(experiment.data().datasets()).containsExactly("sst2", "cb");
        assertThat(experiment.methods().learningRate()).isEqualTo(LearningRate.fixed(1e-3));
    }

    @Test
    void malformedFilesAreToldWithTheirPlace(@TempDir Path folder) throws Exception {
        Path yaml = Files.writeString(folder.resolve("spec.yaml"), "model: mini\ndatasets: [a\n");
        assertThatThrownBy(() -> Experiment.fromFile(yaml))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("spec.yaml:");
        assertThatThrownBy(() -> Experiment.fromFile(folder.resolve("none.yaml")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("there is no such file");
        Path list = Files.writeString(folder.resolve("list.yaml"), "- a\n");
        assertThatThrownBy(() -> Experiment.fromFile(list)).isInstanceOf(UserException.class);
        Path empty = Files.writeString(folder.resolve("empty.yaml"), "");
        assertThatThrownBy(() -> Experiment.fromFile(empty)).isInstanceOf(UserException.class);
    }
}
