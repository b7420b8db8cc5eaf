package org.dualform.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.data.synthetic.SyntheticDatasets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepeatedRowsTest {
    private static List<LabelledRow> rows(String split, String... texts) {
        List<LabelledRow> rows = new ArrayList<>();
        for (int i = 0; i < texts.length; i++)
            rows.add(new LabelledRow(split + "/" + i, Map.of("text", texts[i], "other", "the same"), 0, "file:" + i));
        return rows;
    }

    private static RepeatedRows compare(List<LabelledRow> train, List<LabelledRow> evaluated) {
        Dataset dataset = new Dataset("d", Path.of("d"), "", List.of("a", "b"), train, "test", evaluated, List.of());
        return new RepeatedRows(dataset, List.of("text"), evaluated);
    }

    @ParameterizedTest
    @CsvSource({
        "'A fine film .', 'a  FINE film!'",
        "Ｆｕｌｌ１, full1",
        "İSTANBUL, i̇stanbul",
        "ΣΊΣΥΦΟΣ, σίσυφος",
        "'Привет, мир', привет мир",
        "'你好。', 你好",
        "'हिन्दी !', हिन्दी",
        "':-)', ' :-) '"
    })
    void caseSpacesAndPunctuationDoNotCount(String one, String other) {
        assertThat(compare(rows("train", "x", one), rows("test", "y", other)).ofTraining())
                .containsExactly(
                        "d: 1 of the 2 evaluated rows have the letters and digits of a training row; the first is"
                                + " test/1, which is train/1 as well. Take such rows out of one of the splits.");
    }

    @ParameterizedTest
    @CsvSource({"fine 1, fine 2", "कि, की", "':-)', ':-('", "é, e"})
    void lettersMarksAndDigitsCount(String one, String other) {
        assertThat(compare(rows("train", one), rows("test", other)).ofTraining())
                .isEmpty();
    }

    @Test
    void fieldsAreComparedOneByOne() {
        LabelledRow one = new LabelledRow("train/0", Map.of("a", "x y", "b", "z"), 0, "");
        LabelledRow other = new LabelledRow("test/0", Map.of("a", "x", "b", "y z"), 0, "");
        Dataset dataset =
                new Dataset("d", Path.of("d"), "", List.of(), List.of(one), "test", List.of(other), List.of());
        assertThat(new RepeatedRows(dataset, List.of("a", "b"), List.of(other)).ofTraining())
                .isEmpty();
    }

    @Test
    void demonstrationsAreComparedBySeed() {
        List<LabelledRow> train = rows("train", "a", "b", "c", "B!", "d", "b");
        RepeatedRows repeated = compare(train, rows("test", "z", "c", "b", "q"));
        assertThat(repeated.ofTraining())
                .singleElement()
                .asString()
                .contains("d: 2 of the 4 evaluated rows", "test/1, which is train/2");
        assertThat(repeated.ofDemonstrations(3, Dataset.pick(train, List.of(5, 0, 3, 1))))
                .containsExactly(
                        "d, seed 3: 1 of the 4 evaluated rows are also demonstrations, by their letters and digits; the"
                                + " first is test/2, which is train/5. Both methods are shown the labels of these rows, so"
                                + " their accuracies may come out too high.",
                        "d, seed 3: 2 of the 4 demonstrations repeat another one, by their letters and digits; the first"
                                + " is train/3, which repeats train/5.");
        assertThat(repeated.ofDemonstrations(4, Dataset.pick(train, List.of(0, 4))))
                .isEmpty();
        assertThat(repeated.ofDemonstrations(5, List.of())).isEmpty();
    }

    @Test
    void theBuiltInDataSetsRepeatNothing(@TempDir Path home) {
        SyntheticDatasets builtin = new SyntheticDatasets();
        for (String name : builtin.names()) {
            Dataset dataset = DatasetReader.read(builtin.folder(name, home), "auto", Optional.empty());
            RepeatedRows repeated = new RepeatedRows(dataset, List.of("text"), dataset.evaluation());
            assertThat(repeated.ofTraining()).as(name).isEmpty();
            assertThat(repeated.ofDemonstrations(0, dataset.train())).as(name).isEmpty();
        }
    }
}
