package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.report.Report;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.Answer;
import org.dualform.score.result.ChosenRate;
import org.dualform.score.result.Results;
import org.dualform.spec.choice.LearningRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Choices of learning rate, seed, order and template, and the marks they leave. */
class SelectionTest {
    @TempDir
    Path folder;

    private Results run(String experiment) throws IOException {
        return Json.mapper().treeToValue(WholeChain.results(folder, experiment), Results.class);
    }

    private JsonNode selection() throws IOException {
        try (var files = Files.walk(folder.resolve("w/results/select"))) {
            Path file =
                    files.filter(f -> f.endsWith("selection.json")).findFirst().orElseThrow();
            return Json.mapper().readTree(file.toFile());
        }
    }

    @Test
    void eachMethodChoosesItsOwnAmongTheSameCandidates() throws Exception {
        Results results = run("""
                {"model": "mini", "datasets": "topics", "shots": "0,4", "seeds": "1,2", "limit": 12, "orders": "0,1",
                 "template": "topics,generic", "learning_rate": 0.01, "select": "seed,order,template"}
                """);
        JsonNode selection = selection();
        assertThat(selection.path("on").asText()).isEqualTo("train");
        for (String method : List.of("icl", "ft")) {
            JsonNode tried = selection.path("candidates").path(method);
            assertThat(tried).hasSize(2 * 2 * 2);
            assertThat(tried).extracting(candidate -> candidate.path("choice")).doesNotHaveDuplicates();
            Map<JsonNode, Double> accuracies = new HashMap<>();
            for (JsonNode candidate : tried)
                accuracies.put(
                        candidate.path("choice"), candidate.path("accuracy").doubleValue());
            assertThat(accuracies.values().stream().distinct().count())
                    .as("candidates differ, or choosing among them shows nothing")
                    .isGreaterThan(1);
            assertThat(accuracies)
                    .containsEntry(selection.path("chosen").path(method), Collections.max(accuracies.values()));
            long cells = results.rows().stream()
                    .filter(row -> row.shots() == 4
                            && row.chosen() != null
                            && row.chosen().contains(ScoredMethod.of(method)))
                    .count();
            assertThat(cells).isEqualTo(1);
        }
        assertThat(results.rows()).allMatch(row -> "train".equals(row.selectedOn()));
        var selected = results.summary().stream()
                .filter(row -> row.arm().equals("selected") && row.shots() == 4)
                .toList();
        assertThat(selected).hasSize(1);
        Double icl = selected.get(0).metrics().get("icl.accuracy").value();
        assertThat(results.rows().stream()
                        .filter(row -> row.shots() == 4
                                && row.chosen() != null
                                && row.chosen().contains(ScoredMethod.ICL))
                        .map(row -> row.metrics().get("icl.accuracy").value()))
                .containsExactly(icl);
        assertThat(new Report(results).text())
                .contains("topics · generic", "topics · selected")
                .doesNotContain("‡");
    }

    @Test
    void whatWasChosenOnTheReportedRowsIsMarkedEverywhere() throws Exception {
        Results results = run("""
                {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1", "limit": 8, "learning_rate": "paper",
                 "select_on": "reported"}
                """);
        JsonNode selection = selection();
        assertThat(selection.path("on").asText()).isEqualTo("reported");
        assertThat(selection.path("n").asInt()).isEqualTo(8);
        List<Double> rates = new ArrayList<>();
        selection
                .path("grid")
                .forEach(point -> rates.add(point.path("learning_rate").doubleValue()));
        assertThat(rates).hasSize(36).contains(1e-4, 9e-4, 0.005, 0.9).isSorted();
        assertThat(results.rates())
                .containsExactly(new ChosenRate(
                        "mini",
                        "topics",
                        "main",
                        selection.path("learning_rate").doubleValue(),
                        ChosenRate.Place.valueOf(
                                selection.path("place").asText().toUpperCase(Locale.ROOT)),
                        1e-4,
                        .9));
        assertThat(results.rows()).allMatch(row -> "reported".equals(row.selectedOn()));
        assertThat(results.summary()).allMatch(row -> "reported".equals(row.selectedOn()));
        Report report = new Report(results);
        assertThat(report.text()).contains("topics ‡", "come out too high");
        assertThat(report.html()).contains("topics ‡", "come out too high");
    }

    @Test
    void nothingIsChosenWithoutRowsToChooseOn() throws Exception {
        Results results = run("""
                {"model": "mini", "datasets": "topics", "shots": "0,2,4", "seeds": "1", "limit": 8, "select_on": "none"}
                """);
        JsonNode selection = selection();
        assertThat(selection.path("how").asText()).isEqualTo("unchosen");
        assertThat(selection.path("learning_rate").doubleValue()).isEqualTo(LearningRate.UNCHOSEN);
        assertThat(selection.has("curve")).isFalse();
        assertThat(results.rows()).allMatch(row -> row.selectedOn() == null);
        assertThat(results.answers()).singleElement().satisfies(answer -> {
            assertThat(answer.chosenBy()).isEqualTo(Answer.LARGEST);
            assertThat(answer.shots()).isEqualTo(4);
        });
        assertThat(new Report(results).html())
                .contains("Nothing is chosen (select_on: none)", "learning rate 0.01", "largest shot count")
                .doesNotContain("was chosen once", "No training rows were left");
        assertThatThrownBy(() -> run("""
                {"model": "mini", "datasets": "topics", "seeds": "1,2", "select": "seed", "select_on": "none"}
                """))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no rows to choose on");
    }

    @Test
    void candidatesAreScoredOnNoMoreRowsThanAskedFor() throws Exception {
        run("""
                {"model": "mini", "datasets": "topics", "shots": "0,2,4", "seeds": "1", "limit": 8, "select_rows": 24}
                """);
        JsonNode selection = selection();
        assertThat(selection.path("n").asInt()).isEqualTo(24);
        assertThat(selection.path("untuned").path("rows").asInt()).isEqualTo(16);
        List<Integer> rows = new ArrayList<>();
        selection.path("grid").forEach(point -> rows.add(point.path("rows").asInt()));
        selection
                .path("curve")
                .path("points")
                .forEach(point -> rows.add(point.path("rows").asInt()));
        assertThat(rows).hasSize(8 + 4).allMatch(n -> n == 16 || n == 24).contains(16);
    }

    @Test
    void anUnstableRateIsToldWhereverItsNumbersStand() throws Exception {
        Results results = run("""
                {"model": "mini", "datasets": "topics", "shots": "0,8", "seeds": "1", "limit": 8, "learning_rate": 3}
                """);
        var row =
                results.rows().stream().filter(r -> r.shots() == 8).findFirst().orElseThrow();
        double growth = row.metrics().get("ft.rounding_growth").value();
        assertThat(growth).isGreaterThan(100);
        assertThat(row.metrics().get("ft.unstable").value()).isEqualTo(1);
        String told = "unstable ×" + Math.round(growth);
        Report report = new Report(results);
        assertThat(report.text()).contains(told, "rounding errors grew N-fold");
        assertThat(report.html()).contains(told);
    }

    @Test
    void aChoiceNeedsSeveral() {
        assertThatThrownBy(() -> run("""
                {"model": "mini", "datasets": "topics", "seeds": "1", "select": "seed,template"}
                """))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("only one seed to choose from")
                .hasMessageContaining("only one template to choose from");
    }

    @Test
    void rowsMayBeNamedInsteadOfDrawn() throws Exception {
        Path file = folder.resolve("rows.json");
        Files.writeString(file, """
                {"topics": {"demonstrations": {"7": [5, 3]}, "evaluation": [2, 0, 4]}}
                """);
        Results results = run("""
                {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "7", "methods": "icl", "rows": "%s"}
                """.formatted(file));
        assertThat(results.rows().get(0).metrics().get("zsl.accuracy").n()).isEqualTo(3);
        try (var files = Files.walk(folder.resolve("w/results/prompt"))) {
            Path prompts =
                    files.filter(f -> f.endsWith("prompts.json")).findFirst().orElseThrow();
            JsonNode made = Json.mapper().readTree(prompts.toFile());
            assertThat(made.path("demonstrations").findValuesAsText("row")).containsExactly("train/5", "train/3");
            assertThat(made.path("queries").findValuesAsText("row"))
                    .containsExactly("validation/2", "validation/0", "validation/4");
        }
        Files.writeString(file, "{\"topics\": {\"evaluation\": [100000]}}");
        assertThatThrownBy(() -> run("""
                {"model": "mini", "datasets": "topics", "shots": "0", "methods": "icl", "rows": "%s"}
                """.formatted(file))).hasMessageContaining("there is no row 100000");
    }
}
