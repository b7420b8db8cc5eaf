package org.dualform.spec.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reads {@code per_dataset}: for a data set's name, the values that it has of its own. */
final class PerDatasetReader {
    private static final String PARAMETER = "per_dataset";
    private static final List<String> COUNTS = List.of("shots", "seeds");
    private static final String RATE = "learning_rate";
    private final SpecSchema schema;
    private final SpecMistakes mistakes;

    /** @param schema has the ranges, which are those of the parameters of the same names */
    PerDatasetReader(SpecSchema schema, SpecMistakes mistakes) {
        this.schema = schema;
        this.mistakes = mistakes;
    }

    ObjectNode read(JsonNode value) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        if (!value.isObject()) return mistakes.wrong(PARAMETER, "a mapping of data sets to values", value, all);
        for (Map.Entry<String, JsonNode> dataset : value.properties())
            all.set(dataset.getKey(), values(PARAMETER + ": " + dataset.getKey() + ": ", dataset.getValue()));
        return all;
    }

    /** @param place begins each message */
    private ObjectNode values(String place, JsonNode given) {
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        given.fieldNames().forEachRemaining(field -> {
            if (!COUNTS.contains(field) && !field.equals(RATE))
                mistakes.add(PARAMETER, place + "there is no '" + field + "'; known are shots, seeds, learning_rate.");
        });
        JsonNode rate = given.path(RATE);
        boolean right = rate.isNumber() && rate.doubleValue() > 0;
        if (!right && !rate.isMissingNode())
            mistakes.add(
                    PARAMETER,
                    place + "learning_rate has to be a number above 0, not " + SpecMistakes.shown(rate) + ".");
        for (String name : COUNTS) counts(own, name, place, given.path(name));
        if (right) own.put(RATE, rate.doubleValue());
        return own;
    }

    private void counts(ObjectNode own, String name, String place, JsonNode value) {
        if (value.isMissingNode()) return;
        TreeSet<Integer> numbers = new TreeSet<>();
        int largest = schema.maximum(name);
        int most = schema.mostItems(name);
        for (JsonNode item : value) {
            if (ValueReader.isInt(item) && item.intValue() >= 0 && item.intValue() <= largest)
                numbers.add(item.intValue());
        }
        if (numbers.isEmpty() || numbers.size() != value.size() || numbers.size() > most)
            mistakes.add(
                    PARAMETER,
                    place + name + " has to be a list of at most " + most + " distinct whole numbers from 0 to "
                            + largest + ", not " + SpecMistakes.shown(value) + ".");
        own.set(name, ListReader.numbers(numbers));
    }
}
