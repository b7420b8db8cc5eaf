package org.dualform.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SyntheticDatasetsTest {
    private final SyntheticDatasets datasets = new SyntheticDatasets();
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path home;

    static List<String> names() {
        return new SyntheticDatasets().names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void rowsAreDistinctBalancedAndOfTheirLabel(String name) throws IOException {
        Path folder = datasets.folder(name, home);
        List<JsonNode> rows = new ArrayList<>();
        for (String split : List.of("train.jsonl", "validation.jsonl")) {
            for (String line : Files.readAllLines(folder.resolve(split))) {
                rows.add(json.readTree(line));
            }
        }
        assertThat(rows).hasSize(SyntheticDatasets.TRAIN_ROWS + SyntheticDatasets.VALIDATION_ROWS);
        assertThat(new HashSet<>(rows.stream().map(row -> row.get("text")).toList()))
                .hasSize(rows.size());
        ClassificationTask task = datasets.task(name);
        List<String> categories = List.copyOf(task.labels().keySet());
        int[] counts = new int[categories.size()];
        for (JsonNode row : rows) {
            int label = row.get("label").asInt();
            counts[label]++;
            List<String> words = List.of(row.get("text").asText().split(" "));
            assertThat(task.attribute().words(categories.get(label))).containsAnyElementsOf(words);
        }
        assertThat(counts).containsOnly(rows.size() / categories.size());
    }

    @ParameterizedTest
    @MethodSource("names")
    void labelNamesAreTheLabelWords(String name) throws IOException {
        JsonNode labels =
                json.readTree(datasets.folder(name, home).resolve("labels.json").toFile());
        List<String> words = new ArrayList<>();
        labels.elements().forEachRemaining(word -> words.add(word.asText()));
        assertThat(words).containsExactlyElementsOf(datasets.task(name).labels().values());
    }

    @Test
    void aDamagedFileIsWrittenAgain() throws IOException {
        Path file = datasets.folder("topics", home).resolve("train.jsonl");
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, 100));
        datasets.folder("topics", home);
        assertThat(Files.readString(file)).isEqualTo(whole);
    }
}
