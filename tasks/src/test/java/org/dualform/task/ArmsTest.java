package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Controls through the whole chain, with the built-in model. */
class ArmsTest {
    @TempDir
    Path folder;

    private JsonNode run(String experiment) throws IOException {
        return WholeChain.results(folder, experiment);
    }

    private long finished(String kind) throws IOException {
        try (var keys = Files.list(folder.resolve("w/results").resolve(kind))) {
            return keys.count();
        }
    }

    private static double value(JsonNode results, String arm, int shots, String metric) {
        for (JsonNode row : results.path("summary")) {
            if (row.path("arm").asText().equals(arm) && row.path("shots").asInt() == shots)
                return row.path("metrics").path(metric).path("value").asDouble(Double.NaN);
        }
        throw new AssertionError("no summary of " + arm + " at " + shots);
    }

    /** Two of the topics, so that there is one other label. */
    private Path twoTopics() throws IOException {
        Path set = Files.createDirectories(folder.resolve("pair"));
        Files.writeString(set.resolve("labels.json"), "{\"0\": \"animal\", \"1\": \"food\"}");
        List<String> animals = List.of("dog", "horse", "lion", "rabbit", "cat", "cow", "sheep", "tiger");
        List<String> foods = List.of("bread", "salad", "soup", "cheese", "rice", "cake", "pie", "honey");
        StringBuilder train = new StringBuilder();
        StringBuilder test = new StringBuilder();
        for (int i = 0; i < animals.size(); i++) {
            StringBuilder half = i < 4 ? train : test;
            half.append("{\"text\": \"").append(animals.get(i)).append("\", \"label\": 0}\n");
            half.append("{\"text\": \"").append(foods.get(i)).append("\", \"label\": 1}\n");
        }
        Files.writeString(set.resolve("train.jsonl"), train);
        Files.writeString(set.resolve("validation.jsonl"), test);
        Files.writeString(folder.resolve("pair.yaml"), """
                {name: pair, version: 1, fields: [text], text: "Sentence: {text} Label:",
                 words: {animal: animal, food: food}}
                """);
        return set;
    }

    @Test
    void flippedLabelsAreFollowedInContext() throws Exception {
        JsonNode results = run("""
                {"model": "mini", "datasets": "%s", "template": "%s", "shots": "0,8", "seeds": "0", "methods": "icl",
                 "arms": "flip=0,flip=1"}
                """.formatted(twoTopics(), folder.resolve("pair.yaml")));
        double right = value(results, "main", 8, "icl.accuracy");
        assertThat(right).isGreaterThan(0.7);
        assertThat(value(results, "flip=0", 8, "icl.accuracy")).isEqualTo(right);
        assertThat(value(results, "flip=1", 8, "icl.accuracy")).isLessThan(0.3);
        assertThat(value(results, "flip=0", 8, "labels.changed")).isZero();
        assertThat(value(results, "flip=1", 8, "labels.changed")).isEqualTo(1);
        assertThat(finished("infer")).as("flip=0 is main's prompt, found again").isEqualTo(2);
    }

    /** Only what a control changes is computed again. */
    @Test
    void controlsShareWhatTheyDoNotChange() throws Exception {
        JsonNode results = run("""
                {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1", "limit": 8, "learning_rate": 0.01,
                 "arms": "ft=label_loss,lcgd,calibrated,untrained,ft=v_layer:middle+adam+rate:0.001"}
                """);
        assertThat(results.path("rows")).hasSize(2 * 6);
        assertThat(finished("prompt")).isEqualTo(1);
        assertThat(finished("finetune")).as("all but calibrated train").isEqualTo(5);
        assertThat(finished("infer"))
                .as("icl of main and untrained, ft of five")
                .isEqualTo(2 + 5);
        assertThat(finished("score")).isEqualTo(6);
        assertThat(value(results, "ft=label_loss", 2, "icl.accuracy"))
                .isEqualTo(value(results, "main", 2, "icl.accuracy"));
        for (JsonNode row : results.path("rows")) {
            double rate = row.path("arm").asText().startsWith("ft=adam") ? 0.001 : 0.01;
            assertThat(row.path("learning_rate").doubleValue()).isEqualTo(rate);
        }
    }

    /** A patch takes the place of fine-tuning: no context, no learning rate, and no race for one. */
    @Test
    void aPatchIsMeasuredLikeFineTuning() throws Exception {
        JsonNode results = run("""
                {"model": "mini", "datasets": "topics", "shots": "0,1,4", "seeds": "1", "limit": 30,
                 "learning_rate": "auto", "select_rows": 8, "arms": "patch=mean,patch=least_squares"}
                """);
        assertThat(results.path("rows")).hasSize(3 * 3);
        assertThat(finished("select")).as("one rate, which is main's").isEqualTo(1);
        assertThat(finished("finetune")).isEqualTo(3);
        for (String arm : List.of("patch=mean", "patch=least_squares")) {
            double zeroShot = value(results, arm, 0, "zsl.accuracy");
            assertThat(value(results, arm, 1, "ft.accuracy"))
                    .as("one demonstration leaves nothing to be its context")
                    .isEqualTo(zeroShot);
            assertThat(value(results, arm, 4, "icl.accuracy")).isEqualTo(value(results, "main", 4, "icl.accuracy"));
            assertThat(value(results, arm, 4, "ft.accuracy"))
                    .isBetween(0.0, 1.0)
                    .isNotEqualTo(zeroShot);
        }
    }

    @Test
    void otherOrdersAreMeasuredAtTheLargestCount() throws Exception {
        JsonNode results = run("""
                {"model": "mini", "datasets": "topics", "shots": "0,2,4", "seeds": "1", "limit": 30, "methods": "icl",
                 "orders": "0,1,2", "arms": "flip=1"}
                """);
        assertThat(results.path("rows")).hasSize(3 + 1 + 1 + 3);
        JsonNode sensitivity = results.path("summary").path(2).path("metrics").path("icl.order_sd");
        assertThat(sensitivity.path("n").asInt()).isEqualTo(3);
        assertThat(sensitivity.path("value").doubleValue()).isBetween(0.0, 0.5);
        assertThat(results.path("summary").path(1).path("metrics").has("icl.order_sd"))
                .isFalse();
    }

    @Test
    void whatCannotBeIsRefusedByThePlan() {
        assertThatThrownBy(() -> run("""
                {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1", "arms": "ft=v_layer:3"}
                """))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the model has the layers 0 to 2");
        assertThatThrownBy(() -> run("""
                {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1", "arms": "-main"}
                """)).hasMessageContaining("leaves nothing to measure");
    }
}
