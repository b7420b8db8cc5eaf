package org.dualform.finetune.file;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.contract.UserException;
import org.dualform.finetune.update.Dense;
import org.dualform.finetune.update.Factored;
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
 * total.k.w.left          (n, O): a sum of n outer products is kept as its factors
 * total.k.w.right         (n, I)
 * counts                  INT64: the shot counts trained for
 * </pre>
 */
final class NamedUpdateFile {
    static final String COUNTS = "counts";
    private static final String CHANGE = ".change";
    private static final String ROWS = ".rows";
    private static final String ROW_CHANGES = ".row_changes";
    private static final String ROW_SHAPE = ".row_shape";
    private static final String LEFT = ".left";
    private static final String RIGHT = ".right";
    private static final Pattern NAME =
            Pattern.compile("total\\.(\\d+)\\.(.+)(\\.change|\\.rows|\\.row_changes|\\.row_shape|\\.left|\\.right)");

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
                        } else if (change instanceof Factored factored) {
                            tensors.put(prefix + LEFT, factored.errors());
                            tensors.put(prefix + RIGHT, factored.inputs());
                        }
                    }));
            ArrayWriter.write(file, tensors);
        }
    }

    /**
     * Reads an update.
     *
     * @param owner owns the update's arrays
     * @throws UserException if the file is not in this format
     */
    static NamedUpdate read(NDManager owner, SafetensorsFile stored) {
        UpdateTensors file = new UpdateTensors(owner, stored);
        Map<Integer, Map<String, Update>> totals = new TreeMap<>();
        for (long count : file.numbers(COUNTS)) {
            if (count < 1 || count > Integer.MAX_VALUE)
                throw damaged(file, "its shot count " + count + " is not positive");
            totals.put((int) count, new HashMap<>());
        }
        for (String tensor : stored.tensors().keySet()) {
            if (tensor.equals(COUNTS)) continue;
            Matcher name = NAME.matcher(tensor);
            if (!name.matches()) throw damaged(file, "no update has a tensor " + tensor);
            Map<String, Update> changes = totals.entrySet().stream()
                    .filter(entry -> entry.getKey().toString().equals(name.group(1)))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow(() -> damaged(file, "the count of " + tensor + " is not among its shot counts"));
            String weight = name.group(2);
            switch (name.group(3)) {
                case CHANGE -> changes.put(weight, change(file, tensor));
                case ROWS -> changes.put(weight, rows(file, "total." + name.group(1) + "." + weight));
                case LEFT -> changes.put(weight, factored(file, "total." + name.group(1) + "." + weight));
                case RIGHT -> {
                    if (!file.has("total." + name.group(1) + "." + weight + LEFT))
                        throw damaged(file, tensor + " has no left factors beside it");
                }
                default -> {
                    if (!file.has("total." + name.group(1) + "." + weight + ROWS))
                        throw damaged(file, tensor + " has no ids of rows beside it");
                }
            }
        }
        return new NamedUpdate(totals);
    }

    /** A change with one row is a vector: no matrix here has one row only. */
    private static Update change(UpdateTensors file, String tensor) {
        NDArray values = file.array(tensor);
        if (values.getShape().dimension() != 2)
            throw damaged(file, tensor + " has the shape " + values.getShape() + ", not two dimensions");
        return values.getShape().get(0) == 1 ? new Vector(values) : new Dense(values);
    }

    private static Update factored(UpdateTensors file, String prefix) {
        NDArray left = file.array(prefix + LEFT);
        NDArray right = file.array(prefix + RIGHT);
        Shape l = left.getShape();
        Shape r = right.getShape();
        if (l.dimension() != 2 || r.dimension() != 2 || l.get(0) != r.get(0))
            throw damaged(file, prefix + " has factors of the shapes " + l + " and " + r);
        return new Factored(left, right, List.of((int) l.get(0)));
    }

    private static Update rows(UpdateTensors file, String prefix) {
        long[] ids = file.numbers(prefix + ROWS);
        long[] shape = file.numbers(prefix + ROW_SHAPE);
        NDArray changes = file.array(prefix + ROW_CHANGES);
        Shape own = changes.getShape();
        if (shape.length != 2) throw damaged(file, prefix + ROW_SHAPE + " has " + shape.length + " numbers, not two");
        if (!own.equals(new Shape(ids.length, shape[1])))
            throw damaged(
                    file,
                    prefix + ROW_CHANGES + " has the shape " + own + ", and there are " + ids.length + " rows of width "
                            + shape[1]);
        if (Arrays.stream(ids).distinct().count() < ids.length)
            throw damaged(file, prefix + ROWS + " names a row twice");
        for (long id : ids)
            if (id < 0 || id >= shape[0]) throw damaged(file, prefix + ROWS + " names row " + id + " of " + shape[0]);
        return new Rows(Arrays.stream(ids).boxed().toList(), changes, new Shape(shape));
    }

    private static UserException damaged(UpdateTensors file, String how) {
        return UserException.data("The file " + file.file().path() + " is not an update of a fine-tuning: " + how
                + ". It was changed or damaged; compute it anew.");
    }
}
