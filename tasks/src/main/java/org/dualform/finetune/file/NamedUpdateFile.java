package org.dualform.finetune.file;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.finetune.update.Dense;
import org.dualform.finetune.update.NamedUpdate;
import org.dualform.finetune.update.Rows;
import org.dualform.finetune.update.Update;
import org.dualform.finetune.update.Vector;
import org.dualform.model.LanguageModel;
import org.dualform.model.checkpoint.ArrayWriter;
import org.dualform.safetensors.SafetensorsFile;

/**
 * A {@link NamedUpdate} as a safetensors file. Of shot count k and weight w:
 *
 * <pre>
 * total.k.w.change        of the weight's shape; (1, n) where that is a vector
 * total.k.w.rows          INT64: ids of the rows that changed
 * total.k.w.row_changes   (rows, d)
 * total.k.w.row_shape     INT64 (2): the weight's shape
 * counts                  INT64: the shot counts trained for
 * </pre>
 */
final class NamedUpdateFile {
    static final String COUNTS = "counts";
    private static final String CHANGE = ".change";
    private static final String ROWS = ".rows";
    private static final String ROW_CHANGES = ".row_changes";
    private static final String ROW_SHAPE = ".row_shape";

    private NamedUpdateFile() {}

    static void write(Path file, NamedUpdate update) {
        try (NDManager scratch = LanguageModel.newManager()) {
            var tensors = new LinkedHashMap<String, NDArray>();
            tensors.put(
                    COUNTS,
                    scratch.create(update.shots().stream().mapToLong(k -> k).toArray()));
            update.totals()
                    .forEach((shots, changes) -> changes.forEach((name, change) -> {
                        String prefix = "total." + shots + "." + name;
                        if (change instanceof Rows rows) {
                            tensors.put(
                                    prefix + ROWS,
                                    scratch.create(rows.ids().stream()
                                            .mapToLong(i -> i)
                                            .toArray()));
                            tensors.put(prefix + ROW_CHANGES, rows.values());
                            tensors.put(
                                    prefix + ROW_SHAPE,
                                    scratch.create(rows.shape().getShape()));
                        } else if (change instanceof Vector vector) {
                            tensors.put(prefix + CHANGE, vector.values());
                        } else if (change instanceof Dense dense) {
                            tensors.put(prefix + CHANGE, dense.values());
                        }
                    }));
            ArrayWriter.write(file, tensors);
        }
    }

    /**
     * Reads an update.
     *
     * @param owner owns the update's arrays
     */
    static NamedUpdate read(NDManager owner, SafetensorsFile stored) {
        UpdateTensors file = new UpdateTensors(owner, stored);
        Map<Integer, Map<String, Update>> totals = new TreeMap<>();
        for (long count : file.numbers(COUNTS)) totals.put((int) count, new HashMap<>());
        for (String tensor : stored.tensors().keySet()) {
            if (tensor.equals(COUNTS)) continue;
            int dot = tensor.indexOf('.', "total.".length());
            Map<String, Update> changes =
                    Objects.requireNonNull(totals.get(Integer.parseInt(tensor.substring("total.".length(), dot))));
            String name = tensor.substring(dot + 1);
            if (name.endsWith(CHANGE)) {
                changes.put(cut(name, CHANGE), change(file, tensor));
            } else if (name.endsWith(ROWS)) {
                changes.put(cut(name, ROWS), rows(file, cut(tensor, ROWS)));
            }
        }
        return new NamedUpdate(totals);
    }

    /** A change with one row is a vector: no matrix here has one row only. */
    private static Update change(UpdateTensors file, String tensor) {
        NDArray values = file.array(tensor);
        return values.getShape().get(0) == 1 ? new Vector(values) : new Dense(values);
    }

    private static Update rows(UpdateTensors file, String prefix) {
        long[] ids = file.numbers(prefix + ROWS);
        long[] shape = file.numbers(prefix + ROW_SHAPE);
        return new Rows(
                Arrays.stream(ids).boxed().toList(),
                file.array(prefix + ROW_CHANGES),
                new ai.djl.ndarray.types.Shape(shape));
    }

    private static String cut(String text, String end) {
        return text.substring(0, text.length() - end.length());
    }
}
