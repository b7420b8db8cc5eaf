package org.dualform.task.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.ModelVariant;
import org.dualform.spec.arm.Tuning;
import org.dualform.spec.choice.LearningRate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how a record's components become parameters: their names, their values, and the messages for wrong ones. */
class ParameterReaderTest {
    /** One component of every type that is read. */
    record All(
            ModelUse use,
            int chunkRows,
            boolean firstRows,
            String arm,
            Method method,
            List<Method> methods,
            List<Integer> shots,
            Tuning tuning,
            Arm.Labels labels,
            LearningRate learningRate,
            @Nullable Source rows,
            @Nullable Map<String, String> failures) {}

    private static ObjectNode right() throws Exception {
        return (ObjectNode) Json.mapper().readTree("""
                {"model": {"name": "mini", "path": "/models/a:b", "sha256": "d4bc", "origin": "acme/mini@1", "more": 1},
                 "model_variant": "untrained_embeddings", "threads": 2, "device": "cpu", "dtype": "float32",
                 "chunk_rows": 16, "first_rows": true, "arm": "ft=adam", "method": "ft", "methods": ["ft", "icl"],
                 "shots": [0, 4], "tuning": "adam+all", "labels": "0.5", "learning_rate": "paper", "rows": null,
                 "unknown": {"x": 1}}
                """);
    }

    private static List<String> mistakes(ObjectNode parameters) {
        try {
            ParameterReader.read(All.class, parameters);
            return List.of();
        } catch (UserException e) {
            assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            return e.mistakes();
        }
    }

    @Test
    void namesAreTheComponentsWithThoseOfGroupsAmongThem() {
        assertThat(ParameterReader.names(All.class))
                .containsExactly(
                        "arm",
                        "chunk_rows",
                        "device",
                        "dtype",
                        "failures",
                        "first_rows",
                        "labels",
                        "learning_rate",
                        "method",
                        "methods",
                        "model",
                        "model_variant",
                        "rows",
                        "shots",
                        "threads",
                        "tuning");
    }

    @Test
    void everyTypeIsRead() throws Exception {
        All all = ParameterReader.read(All.class, right());
        assertThat(all.use().model())
                .isEqualTo(new Source("mini", Path.of("/models/a:b"), "d4bc", Optional.of("acme/mini@1")));
        assertThat(all.use().modelVariant()).isEqualTo(ModelVariant.UNTRAINED_EMBEDDINGS);
        assertThat(all.use().threads()).isEqualTo(2);
        assertThat(all.chunkRows()).isEqualTo(16);
        assertThat(all.firstRows()).isTrue();
        assertThat(all.arm()).isEqualTo("ft=adam");
        assertThat(all.method()).isEqualTo(Method.FT);
        assertThat(all.methods()).containsExactly(Method.FT, Method.ICL);
        assertThat(all.shots()).containsExactly(0, 4);
        assertThat(all.tuning()).isEqualTo(Tuning.of("adam+all"));
        assertThat(all.labels()).isEqualTo(Arm.Labels.of("0.5"));
        assertThat(all.learningRate().given()).isEmpty();
        assertThat(all.learningRate().paperGrid()).isTrue();
        assertThat(all.rows()).isNull();
        assertThat(all.failures()).isNull();
    }

    @Test
    void everyMistakeIsToldAtOnce() throws Exception {
        ObjectNode wrong = right();
        wrong.remove(List.of("device", "shots"));
        wrong.put("chunk_rows", "16")
                .put("threads", 1.5)
                .put("first_rows", "yes")
                .put("arm", 7)
                .put("method", "both");
        wrong.put("tuning", "sgd")
                .put("labels", "most")
                .put("learning_rate", "high")
                .putNull("dtype");
        wrong.put("model_variant", "half").putArray("methods").add("icl").addNull();
        wrong.putObject("model").put("name", "mini");
        wrong.putObject("failures").put("a", 1);
        assertThat(mistakes(wrong))
                .containsExactlyInAnyOrder(
                        "parameters: device is missing.",
                        "parameters: shots is missing.",
                        "parameters: chunk_rows must be a whole number (value: \"16\").",
                        "parameters: threads must be a whole number from 1 to 1024 (value: 1.5).",
                        "parameters: first_rows must be true or false (value: \"yes\").",
                        "parameters: arm must be a text (value: 7).",
                        "parameters: dtype must be float32 (value: null).",
                        "parameters: method must be icl or ft (value: \"both\").",
                        "parameters: methods must be a list, each item icl or ft (value: [\"icl\",null]).",
                        "parameters: tuning must be a way to fine-tune, such as standard or adam+all (value: \"sgd\").",
                        "parameters: labels must be gold, random or a share (value: \"most\").",
                        "parameters: learning_rate must be auto, paper or a number (value: \"high\").",
                        "parameters: model must be an object with name, path and sha256 (value: {\"name\":\"mini\"}).",
                        "parameters: model_variant must be trained or untrained or untrained_embeddings"
                                + " (value: \"half\").",
                        "parameters: failures must be an object, each value a text (value: {\"a\":1}).");
    }

    @Test
    void aListOfNumbersIsNotEmpty() throws Exception {
        ObjectNode wrong = right();
        wrong.putArray("shots");
        assertThat(mistakes(wrong))
                .containsExactly("parameters: shots must be a list, each item a whole number (value: []).");
        ObjectNode none = right();
        none.putArray("methods");
        assertThat(mistakes(none)).isEmpty();
    }

    @Test
    void aNumberBeyondItsRangeIsRefused() throws Exception {
        assertThat(mistakes(right().put("threads", 65536)))
                .containsExactly("parameters: threads must be a whole number from 1 to 1024 (value: 65536).");
        assertThat(mistakes(right().put("threads", 0)))
                .containsExactly("parameters: threads must be a whole number from 1 to 1024 (value: 0).");
        assertThat(mistakes(right().put("threads", 1024))).isEmpty();
        ObjectNode shots = Json.mapper().createObjectNode();
        shots.putArray("shots").add(0).add(100_001);
        assertThatThrownBy(() -> ParameterReader.read(PromptInputs.class, shots))
                .hasMessageContaining(
                        "shots must be a list, each item a whole number from 0 to 100000 (value: [0,100001])");
    }

    /** A parameter that is added later needs a range as well. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                FinetuneParameters.class,
                InferParameters.class,
                ModelUse.class,
                PromptInputs.class,
                PromptParameters.class,
                ScoreParameters.class,
                SelectParameters.class
            })
    void everyWholeNumberHasARange(Class<?> kind) {
        for (RecordComponent component : kind.getRecordComponents()) {
            boolean number = component.getType() == int.class
                    || component.getGenericType().getTypeName().contains("Integer");
            if (number)
                assertThat(component.getAnnotation(Between.class))
                        .as(component.getName())
                        .isNotNull();
        }
    }

    @Test
    void aTemplateIsReadByItsOwnRules() {
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.putObject("template").put("name", "topics");
        assertThatThrownBy(() -> ParameterReader.read(PromptInputs.class, parameters))
                .hasMessageContaining("template must be a template as plan writes it (value: {\"name\":\"topics\"})");
    }
}
