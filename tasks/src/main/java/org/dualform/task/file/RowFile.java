package org.dualform.task.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.data.Dataset;
import org.dualform.data.LabelledRow;
import org.dualform.task.parameters.Source;
import org.dualform.task.store.WorkerName;

/**
 * A file that names rows by their numbers in a data set's files, counted from 0. Rows that it does not name are drawn.
 *
 * <pre>{@code
 * {"topics": {"demonstrations": {"7": [5, 3]}, "evaluation": [2, 0, 4]}}
 * }</pre>
 */
public final class RowFile {
    private final Source source;
    private final JsonNode root;

    private RowFile(Source source, JsonNode root) {
        this.source = source;
        this.root = root;
    }

    /**
     * Reads the file.
     *
     * @throws UserException if it is unreadable, changed since the plan was made, or is no JSON object
     */
    public static RowFile read(Source source) {
        try {
            byte[] bytes = Files.readAllBytes(source.path());
            check(source, bytes);
            JsonNode root = Json.mapper().readTree(bytes);
            if (root == null || !root.isObject())
                throw UserException.data("rows: " + source.path() + " is no JSON object of data sets.");
            return new RowFile(source, root);
        } catch (IOException e) {
            throw UserException.data("rows: " + source.path() + " is not readable as JSON: " + e.getMessage() + ".");
        }
    }

    /** A check of a spec reads no hashes, so there is nothing to compare then. */
    private static void check(Source source, byte[] bytes) {
        String sha256 = Sha256.hex(bytes);
        if (!source.sha256().isEmpty() && !sha256.equals(source.sha256()))
            throw UserException.data("rows: " + source.path() + " changed since the plan was made: it now has sha256 "
                    + sha256 + ", planned was " + source.sha256() + ". Plan again. If only the worker "
                    + WorkerName.get() + " has another file there than the worker that planned, give it the same.");
    }

    /** The rows that are demonstrations under {@code seed}, if the file names them. */
    public Optional<List<LabelledRow>> demonstrations(Dataset dataset, int seed) {
        JsonNode named = root.path(dataset.name()).path("demonstrations").path(Integer.toString(seed));
        return pick(named, dataset.train(), dataset.name() + ", demonstrations of seed " + seed);
    }

    /** The rows that are evaluated, if the file names them. */
    public Optional<List<LabelledRow>> evaluation(Dataset dataset) {
        return pick(
                root.path(dataset.name()).path("evaluation"), dataset.evaluation(), dataset.name() + ", evaluation");
    }

    private Optional<List<LabelledRow>> pick(JsonNode named, List<LabelledRow> rows, String what) {
        if (named.isMissingNode()) return Optional.empty();
        List<LabelledRow> picked = new ArrayList<>();
        for (JsonNode number : named) {
            if (!number.isIntegralNumber() || number.longValue() < 0 || number.longValue() >= rows.size())
                throw UserException.data("rows: " + source.path() + ": " + what + ": there is no row " + number
                        + "; the rows are 0 to " + (rows.size() - 1) + ".");
            picked.add(rows.get(number.intValue()));
        }
        if (picked.isEmpty()) throw UserException.data("rows: " + source.path() + ": " + what + ": no rows are named.");
        return Optional.of(List.copyOf(picked));
    }
}
