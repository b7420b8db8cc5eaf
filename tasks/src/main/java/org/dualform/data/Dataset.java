package org.dualform.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;

/**
 * A labelled data set that has been read and checked, with the two splits that an experiment uses.
 *
 * @param name the last part of its path
 * @param path its folder or file
 * @param sha256 the hash of what {@code sha256sum} prints for the files used (labels.json and the two splits), in byte
 *     order of their names
 * @param labels the labels' names by index
 * @param train the rows from which demonstrations are drawn, in the file's order
 * @param evaluationSplit the name of the split that is evaluated
 * @param evaluation the rows of that split, in the file's order
 * @param notes what the reader decided by itself, for people
 */
public record Dataset(
        String name,
        Path path,
        String sha256,
        List<String> labels,
        List<LabelledRow> train,
        String evaluationSplit,
        List<LabelledRow> evaluation,
        List<String> notes) {

    public Dataset {
        labels = List.copyOf(labels);
        train = List.copyOf(train);
        evaluation = List.copyOf(evaluation);
        notes = List.copyOf(notes);
    }

    /** The rows at these indices, in their order. */
    public static List<LabelledRow> pick(List<LabelledRow> rows, List<Integer> indices) {
        return indices.stream().map(rows::get).toList();
    }

    /**
     * Checks that every given row has every field, with text in it.
     *
     * @param neededBy who needs the fields, for the message
     * @throws UserException naming the fields, or the file and line of the rows that lack one
     */
    public static void requireFields(List<String> fields, List<LabelledRow> rows, String neededBy) {
        if (rows.isEmpty()) return;
        TreeSet<String> present = new TreeSet<>();
        rows.forEach(row -> present.addAll(row.fields().keySet()));
        if (!present.containsAll(fields))
            throw UserException.data(neededBy + " needs the fields " + String.join(", ", fields) + "; the rows have "
                    + (present.isEmpty() ? "no text" : String.join(", ", present)) + " ("
                    + rows.get(0).place() + "). Name another template with --template.");
        List<String> mistakes = new ArrayList<>();
        for (LabelledRow row : rows) {
            for (String field : fields) {
                String text = row.field(field);
                if (text == null) mistakes.add(row.place() + ": the field '" + field + "' is missing.");
                else if (text.isBlank()) mistakes.add(row.place() + ": the field '" + field + "' is empty.");
            }
        }
        if (!mistakes.isEmpty()) throw UserException.all(ExitCode.DATA, Listing.capped(mistakes));
    }

    /** The labels that none of these rows has. */
    public List<String> absentLabels(List<LabelledRow> rows) {
        List<String> absent = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            int wanted = label;
            if (rows.stream().noneMatch(row -> row.label() == wanted)) absent.add(labels.get(label));
        }
        return absent;
    }
}
