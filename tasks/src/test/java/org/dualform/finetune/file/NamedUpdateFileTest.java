package org.dualform.finetune.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.finetune.update.NamedUpdate;
import org.dualform.finetune.update.Rows;
import org.dualform.finetune.update.Update;
import org.dualform.finetune.update.Vector;
import org.dualform.model.LanguageModel;
import org.dualform.model.checkpoint.ArrayWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedUpdateFileTest {
    private static final String ROWS = "total.2.embedding.rows";

    @TempDir
    Path folder;

    private final NDManager manager = LanguageModel.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** A file of one shot count: a vector, and two rows of an embedding of 5 rows of width 3. */
    private Map<String, NDArray> tensors() {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        tensors.put("counts", manager.create(new long[] {2}));
        tensors.put("total.2.norm.weight.change", manager.ones(new Shape(1, 3)));
        tensors.put(ROWS, manager.create(new long[] {1, 4}));
        tensors.put("total.2.embedding.row_changes", manager.ones(new Shape(2, 3)));
        tensors.put("total.2.embedding.row_shape", manager.create(new long[] {5, 3}));
        return tensors;
    }

    private NamedUpdate read(Map<String, NDArray> tensors) {
        Path file = folder.resolve("update.safetensors");
        ArrayWriter.write(file, tensors);
        return (NamedUpdate) UpdateFiles.read(manager, file);
    }

    @Test
    void aWholeFileIsReadByShotCountAndName() {
        Map<Integer, Map<String, Update>> totals = read(tensors()).totals();
        assertThat(totals).containsOnlyKeys(2);
        assertThat(totals.get(2)).containsOnlyKeys("norm.weight", "embedding");
        assertThat(totals.get(2).get("norm.weight")).isInstanceOf(Vector.class);
        assertThat(totals.get(2).get("embedding"))
                .isInstanceOfSatisfying(
                        Rows.class, rows -> assertThat(rows.ids()).containsExactly(1L, 4L));
    }

    @ParameterizedTest
    @CsvSource({
        "total.2.norm.weight.change, total.two.norm.weight.change, no update has a tensor total.two",
        "total.2.norm.weight.change, total.2.change, no update has a tensor total.2.change",
        "total.2.norm.weight.change, other, no update has a tensor other",
        "total.2.norm.weight.change, total.3.norm.weight.change, is not among its shot counts",
        "total.2.embedding.rows, '', has no ids of rows beside it",
        "total.2.embedding.row_changes, '', it lacks total.2.embedding.row_changes",
        "total.2.embedding.row_shape, '', it lacks total.2.embedding.row_shape"
    })
    void aTensorThatIsMissingOrNamedOtherwiseIsRefused(String tensor, String renamed, String told) {
        Map<String, NDArray> damaged = tensors();
        NDArray array = damaged.remove(tensor);
        if (!renamed.isEmpty()) damaged.put(renamed, array);
        assertThatThrownBy(() -> read(damaged))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("update.safetensors is not an update of a fine-tuning: ")
                .hasMessageContaining(told);
    }

    @Test
    void valuesThatDoNotFitTogetherAreRefused() {
        refuses("counts", manager.create(new long[] {0}), "its shot count 0 is not positive");
        refuses(ROWS, manager.create(new long[] {1, 5}), "names row 5 of 5");
        refuses(ROWS, manager.create(new long[] {1, 1}), "names a row twice");
        refuses(ROWS, manager.create(new long[] {1, 2, 3}), "there are 3 rows of width 3");
        refuses("total.2.embedding.row_shape", manager.create(new long[] {5}), "has 1 numbers, not two");
        refuses("total.2.norm.weight.change", manager.ones(new Shape(3)), "not two dimensions");
    }

    private void refuses(String tensor, NDArray values, String told) {
        Map<String, NDArray> damaged = tensors();
        damaged.put(tensor, values);
        for (String all : List.of("is not an update of a fine-tuning", told))
            assertThatThrownBy(() -> read(damaged))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(all);
    }
}
