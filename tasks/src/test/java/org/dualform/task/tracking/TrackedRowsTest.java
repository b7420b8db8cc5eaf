package org.dualform.task.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dualform.contract.Json;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.mlflow.value.Table;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.dualform.score.result.ExampleLine;
import org.dualform.task.parameters.Source;
import org.junit.jupiter.api.Test;

/** Tests what MLflow's pages show of the rows of a cell: the data sets that were used, and the table of answers. */
class TrackedRowsTest {
    private static final TokenIds NONE = TokenIds.of(new int[0]);

    private static PromptSet prompts(int evaluated) {
        return new PromptSet(
                new PromptSet.TemplateUse("t", 1, "h", false),
                0,
                1,
                64,
                0,
                8,
                List.of(new PromptSet.Label("neg", "bad", NONE), new PromptSet.Label("pos", "good", NONE)),
                NONE,
                List.of(1, 2),
                List.of(new PromptSet.ShotCount(1, 1, 2)),
                List.of(new PromptSet.Demonstration("train:7", "a film", 1, NONE, 1)),
                IntStream.range(0, evaluated)
                        .mapToObj(i -> new PromptSet.Query("test:" + i, "text " + i, i % 2, NONE))
                        .toList(),
                List.of());
    }

    private static List<DatasetUse> datasets(int evaluated) {
        return RunParams.datasets(cell(), prompts(evaluated));
    }

    private static TrackedCell cell() {
        return new TrackedCell(
                "c",
                null,
                new Source("topics", Path.of("/data/topics"), "0".repeat(64), Optional.empty()),
                null,
                1,
                "test",
                false,
                null);
    }

    private static ObjectNode profile(DatasetUse use) throws Exception {
        return (ObjectNode) Json.mapper().readTree(use.profile());
    }

    /** MLflow shows the first profile of a name and digest for ever. */
    @Test
    void aDataSetIsThatOfItsRows() throws Exception {
        DatasetUse one = datasets(1).get(1);
        DatasetUse three = datasets(3).get(1);
        assertThat(one.name()).isEqualTo("topics test");
        assertThat(profile(one).path("num_rows").asInt()).isEqualTo(1);
        assertThat(profile(three).path("num_rows").asInt()).isEqualTo(3);
        assertThat(profile(three).path("dataset_sha256").asText()).isEqualTo("0".repeat(64));
        assertThat(one.digest()).hasSize(32).isNotEqualTo(three.digest());
        assertThat(datasets(3).get(1)).as("the same rows in another run").isEqualTo(three);
        assertThat(datasets(1).get(0))
                .as("the demonstrations do not depend on the limit")
                .isEqualTo(datasets(3).get(0));
    }

    private static ExampleLine line(String row, int gold, Integer icl, Integer ft) {
        return new ExampleLine(
                "c", 4, row, gold, 0, icl, ft, List.of(0.75, 0.25), List.of(0.12345, 0.87655), List.of(0.5, 0.5));
    }

    @Test
    void answersAreInWordsAndThoseThatDifferComeFirst() {
        Table table = ExampleTable.of(
                List.of(
                        line("test:0", 0, 0, 0),
                        line("test:1", 1, 0, 1),
                        line("test:2", 0, -1, null),
                        line("test:3", 1, 1, 0),
                        line("test:4", 0, 1, 1)),
                prompts(5));
        assertThat(table.columns())
                .containsExactly(
                        "id",
                        "outcome",
                        "shots",
                        "text",
                        "gold",
                        "zsl",
                        "icl",
                        "ft",
                        "zsl_probability",
                        "icl_probability",
                        "ft_probability",
                        "row");
        assertThat(table.rows())
                .containsExactly(
                        Arrays.asList(
                                "4 test:3",
                                "ICL right, FT wrong",
                                4,
                                "text 3",
                                "good",
                                "bad",
                                "good",
                                "bad",
                                0.75,
                                0.8766,
                                0.5,
                                "test:3"),
                        Arrays.asList(
                                "4 test:1",
                                "ICL wrong, FT right",
                                4,
                                "text 1",
                                "good",
                                "bad",
                                "bad",
                                "good",
                                0.75,
                                0.1235,
                                0.5,
                                "test:1"),
                        Arrays.asList(
                                "4 test:4",
                                "both wrong",
                                4,
                                "text 4",
                                "bad",
                                "bad",
                                "good",
                                "good",
                                0.75,
                                0.8766,
                                0.5,
                                "test:4"),
                        Arrays.asList(
                                "4 test:0",
                                "both right",
                                4,
                                "text 0",
                                "bad",
                                "bad",
                                "bad",
                                "bad",
                                0.75,
                                0.1235,
                                0.5,
                                "test:0"),
                        Arrays.asList(
                                "4 test:2",
                                "ICL wrong",
                                4,
                                "text 2",
                                "bad",
                                "bad",
                                "undefined",
                                null,
                                0.75,
                                null,
                                null,
                                "test:2"));
    }
}
