package org.dualform.spec.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dualform.base.NearestNames;
import org.dualform.contract.UserException;
import org.dualform.spec.arm.ArmReader;
import org.dualform.spec.arm.Arms;

/**
 * Brings a spec into normal form, one parameter after the other in the schema's order. The schema says how each is read;
 * only data sets, arms and the values of single data sets have rules of their own.
 */
public final class SpecReader {
    private static final String DATASETS = "datasets";
    private static final String OTHER_DATASETS = "other_datasets";
    private static final String ARMS = "arms";
    private static final String TEMPLATE = "template";

    private final SpecSchema schema = new SpecSchema();
    private final SpecMistakes mistakes = new SpecMistakes();
    private final ValueReader single = new ValueReader(schema, mistakes);
    private final ListReader lists = new ListReader(schema, mistakes);
    private final GivenValues values;

    private SpecReader(JsonNode spec) {
        for (String name : (Iterable<String>) spec::fieldNames) {
            if (!schema.names().contains(name))
                mistakes.add("There is no parameter '" + name + "': " + NearestNames.hint(name, schema.names()) + ".");
        }
        this.values = new GivenValues(spec, schema, mistakes);
    }

    /**
     * Collects mistakes instead of throwing them.
     *
     * @throws UserException if the spec is no mapping at all
     */
    public static NormalSpec read(JsonNode spec) {
        if (!spec.isObject())
            throw UserException.usage(
                    "A spec is a mapping of parameters to values, not " + SpecMistakes.shown(spec) + ".");
        return new SpecReader(spec).read();
    }

    private NormalSpec read() {
        ObjectNode normal = JsonNodeFactory.instance.objectNode();
        for (String name : schema.names()) if (!name.equals(OTHER_DATASETS)) normal.set(name, value(name));
        return new NormalSpec(normal, mistakes.sentences(), mistakes.wrong());
    }

    private JsonNode value(String name) {
        JsonNode value = values.of(name);
        return switch (schema.type(name)) {
            case FLAG -> single.flag(name, value);
            case INTEGER -> single.integer(name, value);
            case CHOICE -> single.choice(name, value);
            case TEXT -> text(name, value);
            case OPTIONAL_TEXT -> single.optionalText(name, value);
            case PATTERN -> single.pattern(name, value);
            case INTEGER_OR_WORD -> single.integerOrWord(name, value);
            case NUMBER_OR_WORD -> single.numberOrWord(name, value);
            case INTEGERS -> lists.integers(name, value);
            case CHOICES -> lists.choices(name, value);
            case NAMES -> names(name, value);
            case MAPPING -> new PerDatasetReader(schema, mistakes).read(value);
        };
    }

    /** A text may list several templates; {@code DataChoice} takes them apart. */
    private JsonNode text(String name, JsonNode value) {
        if (name.equals(TEMPLATE) && value.isTextual()) lists.names(name, value);
        return single.text(name, value);
    }

    private JsonNode names(String name, JsonNode value) {
        Set<String> given = lists.names(name, value);
        return switch (name) {
            case DATASETS -> datasets(given);
            case ARMS -> arms(given);
            default -> ListReader.texts(given);
        };
    }

    private JsonNode datasets(Set<String> given) {
        Set<String> all = new LinkedHashSet<>(given);
        for (String other : lists.names(OTHER_DATASETS, values.of(OTHER_DATASETS)))
            if (!all.add(other))
                mistakes.add(
                        DATASETS,
                        DATASETS + ": " + other + " is named here and in " + OTHER_DATASETS + "; name it once.");
        if (all.isEmpty()) mistakes.add(DATASETS, "datasets: none given; name at least one here or in other_datasets.");
        return ListReader.texts(all);
    }

    /** In canonical form; {@code main} comes first, or {@code -main} last where it is left out. */
    private JsonNode arms(Set<String> given) {
        boolean main = !given.contains(Arms.NOT_MAIN);
        Set<String> arms = new LinkedHashSet<>();
        if (main) arms.add(Arms.MAIN);
        for (String name : given) {
            if (name.equals(Arms.NOT_MAIN)) continue;
            List<String> found = new ArrayList<>();
            String arm = new ArmReader(name, found).read().name();
            found.forEach(sentence -> mistakes.add(ARMS, sentence));
            if (found.isEmpty() && !arms.add(arm) && !arm.equals(Arms.MAIN)) mistakes.twice(ARMS, arm);
        }
        if (arms.isEmpty() && !mistakes.isWrong(ARMS))
            mistakes.add(
                    ARMS, "arms: " + Arms.NOT_MAIN + " leaves nothing to measure; name a control, or leave it off.");
        if (!arms.contains(Arms.MAIN)) arms.add(Arms.NOT_MAIN);
        return ListReader.texts(arms);
    }
}
