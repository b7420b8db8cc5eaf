package org.dualform.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds evaluated rows that are also training rows or demonstrations, and demonstrations that repeat another one. Rows
 * are compared by {@link RowText}, and by the fields that the prompts use.
 */
public final class RepeatedRows {
    private final String name;
    private final List<String> fields;
    private final List<LabelledRow> evaluated;
    /** The first training row with the text of an evaluated one. */
    private final Map<String, LabelledRow> training = new HashMap<>();

    /**
     * Compares the evaluated rows with all training rows.
     *
     * @param fields the fields that count
     * @param evaluated the rows that are evaluated
     */
    public RepeatedRows(Dataset dataset, List<String> fields, List<LabelledRow> evaluated) {
        this.name = dataset.name();
        this.fields = List.copyOf(fields);
        this.evaluated = List.copyOf(evaluated);
        Map<String, LabelledRow> wanted = firstByText(evaluated);
        for (LabelledRow row : dataset.train()) {
            String text = RowText.of(row, this.fields);
            if (wanted.containsKey(text)) training.putIfAbsent(text, row);
        }
    }

    /** What there is to say of the training rows: a sentence, or nothing. */
    public List<String> ofTraining() {
        return found(training)
                .map(found -> List.of(name + ": " + found.count() + " of the " + evaluated.size()
                        + " evaluated rows have the letters and digits of a training row; the first is "
                        + found.first().id() + ", which is " + found.same().id()
                        + " as well. Take such rows out of one of the splits."))
                .orElse(List.of());
    }

    /**
     * What there is to say of the demonstrations of a seed.
     *
     * @param demonstrations those that are shown
     */
    public List<String> ofDemonstrations(int seed, List<LabelledRow> demonstrations) {
        String place = name + ", seed " + seed + ": ";
        List<String> sentences = new ArrayList<>();
        found(firstByText(demonstrations))
                .ifPresent(found -> sentences.add(place + found.count() + " of the " + evaluated.size()
                        + " evaluated rows are also demonstrations, by their letters and digits; the first is "
                        + found.first().id() + ", which is " + found.same().id()
                        + ". Both methods are shown the labels of these rows, so their accuracies may come out too"
                        + " high."));
        repeated(demonstrations)
                .ifPresent(found -> sentences.add(place + found.count() + " of the " + demonstrations.size()
                        + " demonstrations repeat another one, by their letters and digits; the first is "
                        + found.first().id() + ", which repeats " + found.same().id() + "."));
        return sentences;
    }

    /** How many rows are found among others, the first that is, and what it is there. */
    private record Found(int count, LabelledRow first, LabelledRow same) {}

    private Optional<Found> found(Map<String, LabelledRow> others) {
        List<LabelledRow> same = evaluated.stream()
                .filter(row -> others.containsKey(RowText.of(row, fields)))
                .toList();
        if (same.isEmpty()) return Optional.empty();
        LabelledRow first = same.get(0);
        return Optional.ofNullable(others.get(RowText.of(first, fields)))
                .map(other -> new Found(same.size(), first, other));
    }

    private Optional<Found> repeated(List<LabelledRow> rows) {
        Map<String, LabelledRow> seen = new HashMap<>();
        Found found = null;
        for (LabelledRow row : rows) {
            LabelledRow before = seen.putIfAbsent(RowText.of(row, fields), row);
            if (before == null) continue;
            found = found == null
                    ? new Found(1, row, before)
                    : new Found(found.count() + 1, found.first(), found.same());
        }
        return Optional.ofNullable(found);
    }

    private Map<String, LabelledRow> firstByText(List<LabelledRow> rows) {
        Map<String, LabelledRow> first = new HashMap<>();
        for (LabelledRow row : rows) first.putIfAbsent(RowText.of(row, fields), row);
        return first;
    }
}
