package org.dualform.data.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;

/**
 * The labels of a data set. They come from {@code labels.json}, which gives the name of each index, or from the rows.
 *
 * @param names the labels' names by index
 * @param declared whether they come from {@code labels.json}
 */
public record LabelNames(List<String> names, boolean declared) {
    public LabelNames {
        names = List.copyOf(names);
    }

    public static LabelNames parse(String file, byte[] content) {
        JsonNode node;
        try {
            node = Json.mapper().readTree(content);
        } catch (IOException e) {
            throw UserException.data(file + ": not JSON, or with a key that stands twice; it has to be as {\"0\":"
                    + " \"negative\", \"1\": \"positive\"}.");
        }
        List<String> names = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(name -> names.add(name.asText()));
        } else if (node.isObject()) {
            TreeMap<Integer, String> byIndex = new TreeMap<>();
            node.properties().forEach(entry -> {
                OptionalInt index = index(entry.getKey());
                if (index.isPresent())
                    byIndex.put(index.getAsInt(), entry.getValue().asText());
            });
            boolean whole = byIndex.size() == node.size()
                    && !byIndex.isEmpty()
                    && byIndex.firstKey() == 0
                    && byIndex.lastKey() == node.size() - 1;
            if (!whole)
                throw UserException.data(file + ": has to map the indices 0, 1, … to names, as {\"0\": \"negative\"}.");
            names.addAll(byIndex.values());
        }
        if (names.size() < 2 || new HashSet<>(names).size() < names.size() || names.contains(""))
            throw UserException.data(file + ": has to name at least two different labels; it names " + names + ".");
        return new LabelNames(names, true);
    }

    /**
     * The labels of rows without a {@code labels.json}: their names in alphabetical order, or their indices, which must
     * then have no gap.
     */
    public static LabelNames of(String file, Collection<RawRow> rows) {
        boolean numbers = rows.stream().allMatch(RawRow::labelIsNumber);
        TreeSet<String> names = new TreeSet<>();
        rows.forEach(row -> names.add(row.label()));
        if (names.size() < 2)
            throw UserException.data(file + ": has one label only (" + String.join("", names)
                    + "); a classification needs at least two.");
        if (!numbers) return new LabelNames(List.copyOf(names), false);
        List<String> byIndex = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) byIndex.add(Integer.toString(i));
        if (!names.containsAll(byIndex))
            throw UserException.data(file + ": labels are " + String.join(", ", names)
                    + "; without a labels.json, indices have to be 0, 1, … without a gap.");
        return new LabelNames(byIndex, false);
    }

    /** The index of a row's label, which the row gives as an index or as a name. */
    public OptionalInt indexOf(RawRow row) {
        int named = names.indexOf(row.label());
        if (!row.labelIsNumber() || (named >= 0 && !declared))
            return named < 0 ? OptionalInt.empty() : OptionalInt.of(named);
        OptionalInt index = index(row.label());
        return index.isPresent() && index.getAsInt() < names.size() ? index : OptionalInt.empty();
    }

    /** The names with their indices, for messages. */
    public String listed() {
        List<String> listed = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) listed.add(declared ? i + " = " + names.get(i) : names.get(i));
        return String.join(", ", listed);
    }

    private static OptionalInt index(String text) {
        try {
            int index = Integer.parseInt(text);
            return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
