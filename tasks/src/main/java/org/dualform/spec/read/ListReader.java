package org.dualform.spec.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.dualform.base.CommaList;

/** Reads lists, which a spec may write as arrays or, as forms do, as comma-separated text. */
final class ListReader {
    private final SpecSchema schema;
    private final SpecMistakes mistakes;

    ListReader(SpecSchema schema, SpecMistakes mistakes) {
        this.schema = schema;
        this.mistakes = mistakes;
    }

    /** Distinct whole numbers, ascending. */
    JsonNode integers(String name, JsonNode value) {
        List<Integer> numbers = new ArrayList<>();
        boolean right = value.isArray()
                ? addItems(value, numbers)
                : value.isTextual()
                        && Pattern.matches(schema.pattern(name), value.textValue())
                        && addParts(value.textValue(), numbers);
        int largest = schema.maximum(name);
        int most = schema.mostItems(name);
        if (right && !numbers.isEmpty() && Collections.max(numbers) <= largest && numbers.size() <= most) {
            TreeSet<Integer> distinct = new TreeSet<>();
            for (Integer number : numbers) if (!distinct.add(number)) mistakes.twice(name, number.toString());
            return numbers(distinct);
        }
        return mistakes.wrong(name, integersRule(largest, most), value, numbers(List.of(0)));
    }

    /** What a list of whole numbers has to be, in words that follow "has to be". */
    static String integersRule(int largest, int most) {
        return "at most " + most + " whole numbers from 0 to " + largest + ", such as 0,1,4";
    }

    private static boolean addItems(JsonNode array, List<Integer> numbers) {
        for (JsonNode item : array) {
            if (!ValueReader.isInt(item) || item.intValue() < 0) return false;
            numbers.add(item.intValue());
        }
        return true;
    }

    private static boolean addParts(String text, List<Integer> numbers) {
        for (String part : text.split(",", -1)) {
            OptionalInt number = ValueReader.parse(part);
            if (number.isEmpty()) return false;
            numbers.add(number.getAsInt());
        }
        return true;
    }

    /** Some of the schema's choices, in the schema's order, so that equal experiments are written equally. */
    JsonNode choices(String name, JsonNode value) {
        List<String> choices = schema.choices(name);
        Set<String> given = names(name, value);
        boolean mayBeEmpty = Pattern.matches(schema.pattern(name), "");
        if (!choices.containsAll(given) || (given.isEmpty() && !mayBeEmpty))
            return mistakes.wrong(
                    name,
                    (mayBeEmpty ? "any of " : "at least one of ") + String.join(", ", choices),
                    value,
                    texts(List.of()));
        return texts(choices.stream().filter(given::contains).toList());
    }

    /** Distinct names in the order given; null and empty texts are no names. See {@link CommaList} for text. */
    Set<String> names(String name, JsonNode value) {
        Set<String> names = new LinkedHashSet<>();
        if (value.isTextual()) {
            for (String part : CommaList.names(value.textValue())) add(name, part, names);
        } else if (value.isArray()) {
            for (JsonNode item : value) {
                if (item.isTextual()) add(name, item.textValue().trim(), names);
                else mistakes.wrong(name, "names", item, "");
            }
        } else if (!value.isNull()) {
            mistakes.wrong(name, "a list of names, or names separated by commas", value, "");
        }
        names.remove("");
        return names;
    }

    private void add(String parameter, String item, Set<String> names) {
        if (!names.add(item) && !item.isEmpty()) mistakes.twice(parameter, item);
    }

    static ArrayNode texts(Collection<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    static ArrayNode numbers(Collection<Integer> numbers) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        numbers.forEach(array::add);
        return array;
    }
}
