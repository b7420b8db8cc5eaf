package org.dualform.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.dualform.base.NearestNames;
import org.dualform.contract.UserException;
import org.dualform.spec.arm.ArmReader;
import org.dualform.spec.arm.Arms;

/** Reads a spec; mistakes are collected, and something stands in for what is wrong. */
final class ExperimentReader {
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private final SpecSchema schema = new SpecSchema();
    private final List<String> mistakes = new ArrayList<>();
    private final Set<String> wrong = new HashSet<>();
    private final JsonNode spec;
    private ObjectNode preset = JsonNodeFactory.instance.objectNode();

    ExperimentReader(JsonNode spec) {
        this.spec = spec;
    }

    Draft read() {
        if (!spec.isObject())
            throw UserException.usage("A spec is a mapping of parameters to values, not " + shown(spec) + ".");
        rejectUnknownNames();
        String name = spec.path("preset").asText(Presets.NONE);
        if (schema.choices("preset").contains(name)) preset = Presets.values(name);
        Experiment experiment = new Experiment(
                choice("preset"),
                text("model"),
                datasets(),
                integers("shots"),
                integers("seeds"),
                methods(),
                integer("limit"),
                learningRate(),
                value("learning_rate").asText().equals(Experiment.PAPER),
                select(),
                choice("select_on"),
                integers("orders"),
                arms(),
                value("rows").asText().trim(),
                perDataset(),
                text("split"),
                text("template"),
                flag("description"),
                integer("passes"),
                flag("record"),
                choice("record_position"),
                choice("record_queries"),
                integer("record_limit"),
                baselines(),
                threads(),
                device(),
                memory(),
                dtype(),
                integer("reserve_tokens"),
                choice("transport"),
                flag("fresh"));
        checkSelection(experiment);
        return new Draft(experiment, mistakes, wrong);
    }

    private void rejectUnknownNames() {
        List<String> known = schema.names();
        for (Iterator<String> names = spec.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name))
                mistakes.add("There is no parameter '" + name + "': " + NearestNames.hint(name, known) + ".");
        }
    }

    /**
     * The value given, else the preset's, or the default; a required one that is absent is a mistake. A form gives every
     * value: one left at its default is the preset's.
     */
    private JsonNode value(String name) {
        JsonNode given = spec.path(name);
        boolean left = given.isMissingNode() || plain(given).equals(plain(schema.defaultOf(name)));
        if (left && preset.has(name)) return preset.path(name);
        if (!given.isMissingNode()) return given;
        if (schema.isRequired(name)) mistake(name, name + ": required, but not given.");
        return schema.defaultOf(name);
    }

    private static String plain(JsonNode value) {
        if (!value.isArray()) return value.isValueNode() ? value.asText() : value.toString();
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return String.join(",", items);
    }

    /** By data set; each value is checked as the experiment's own. */
    private Map<String, DatasetValues> perDataset() {
        JsonNode value = value("per_dataset");
        if (!value.isObject()) return wrong("per_dataset", "a mapping of data sets to values", value, Map.of());
        Map<String, DatasetValues> all = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> dataset : value.properties()) {
            String place = "per_dataset: " + dataset.getKey() + ": ";
            JsonNode own = dataset.getValue();
            own.fieldNames().forEachRemaining(field -> {
                if (!List.of("shots", "seeds", "learning_rate").contains(field))
                    mistake(
                            "per_dataset",
                            place + "there is no '" + field + "'; known are shots, seeds, learning_rate.");
            });
            JsonNode rate = own.path("learning_rate");
            boolean right = rate.isMissingNode() || (rate.isNumber() && rate.doubleValue() > 0);
            if (!right)
                mistake("per_dataset", place + "learning_rate has to be a number above 0, not " + shown(rate) + ".");
            all.put(
                    dataset.getKey(),
                    new DatasetValues(
                            counts(place + "shots", own.path("shots")),
                            counts(place + "seeds", own.path("seeds")),
                            rate.isNumber() && right ? OptionalDouble.of(rate.doubleValue()) : OptionalDouble.empty()));
        }
        return all;
    }

    private Optional<List<Integer>> counts(String place, JsonNode value) {
        if (value.isMissingNode()) return Optional.empty();
        TreeSet<Integer> numbers = new TreeSet<>();
        for (JsonNode item : value) if (isInt(item) && item.intValue() >= 0) numbers.add(item.intValue());
        if (numbers.isEmpty() || numbers.size() != value.size())
            mistake(
                    "per_dataset",
                    place + " has to be a list of distinct whole numbers from 0, not " + shown(value) + ".");
        return Optional.of(List.copyOf(numbers));
    }

    private String text(String name) {
        JsonNode value = value(name);
        if (value.isTextual() && !value.textValue().isBlank())
            return value.textValue().trim();
        return wrong(
                name, "a text that is not empty", value, schema.defaultOf(name).asText());
    }

    private boolean flag(String name) {
        JsonNode value = value(name);
        if (value.isBoolean()) return value.booleanValue();
        return wrong(name, "true or false", value, false);
    }

    private String choice(String name) {
        JsonNode value = value(name);
        List<String> choices = schema.choices(name);
        if (value.isTextual() && choices.contains(value.textValue())) return value.textValue();
        return wrong(name, String.join(" or ", choices), value, choices.get(0));
    }

    private int integer(String name) {
        JsonNode value = value(name);
        int low = schema.minimum(name);
        int high = schema.maximum(name);
        if (isInt(value) && value.intValue() >= low && value.intValue() <= high) return value.intValue();
        String range = high == Integer.MAX_VALUE ? "from " + low : "from " + low + " to " + high;
        return wrong(name, "a whole number " + range, value, low);
    }

    /** Distinct and ascending; from an array of integers or a string of them. */
    private List<Integer> integers(String name) {
        JsonNode value = value(name);
        String rule = "whole numbers from 0, such as 0,1,4";
        TreeSet<Integer> numbers = new TreeSet<>();
        if (value.isTextual() && Pattern.matches(schema.pattern(name), value.textValue())) {
            for (String part : value.textValue().split(",", -1)) {
                OptionalInt number = parse(part);
                if (number.isEmpty()) return wrong(name, rule, value, List.of(0));
                numbers.add(number.getAsInt());
            }
        } else if (value.isArray()) {
            for (JsonNode item : value) {
                if (!isInt(item) || item.intValue() < 0) return wrong(name, rule, value, List.of(0));
                numbers.add(item.intValue());
            }
        }
        return numbers.isEmpty() ? wrong(name, rule, value, List.of(0)) : List.copyOf(numbers);
    }

    private List<String> datasets() {
        Set<String> all = new LinkedHashSet<>(names("datasets", value("datasets")));
        all.addAll(names("other_datasets", value("other_datasets")));
        if (all.isEmpty()) mistake("datasets", "datasets: none given; name at least one here or in other_datasets.");
        return List.copyOf(all);
    }

    private List<Method> methods() {
        JsonNode value = value("methods");
        List<String> choices = schema.choices("methods");
        Set<String> names = names("methods", value);
        if (names.isEmpty() || !choices.containsAll(names))
            return wrong("methods", "at least one of " + String.join(", ", choices), value, List.of());
        // In the schema's order, so that equal experiments are written equally.
        return choices.stream().filter(names::contains).map(Method::of).toList();
    }

    private List<String> baselines() {
        JsonNode value = value("baselines");
        List<String> choices = schema.choices("baselines");
        Set<String> names = names("baselines", value);
        if (!choices.containsAll(names))
            return wrong("baselines", "any of " + String.join(", ", choices), value, List.of());
        return choices.stream().filter(names::contains).toList();
    }

    /** In canonical form; {@code main} first, unless it is left out. */
    private List<String> arms() {
        Set<String> names = names("arms", value("arms"));
        Set<String> arms = new LinkedHashSet<>();
        if (!names.remove(Arms.NOT_MAIN)) arms.add(Arms.MAIN);
        for (String name : names) {
            int before = mistakes.size();
            String arm = new ArmReader(name, mistakes).read().name();
            if (mistakes.size() == before) arms.add(arm);
            else wrong.add("arms");
        }
        if (arms.isEmpty() && !wrong.contains("arms"))
            mistake("arms", "arms: " + Arms.NOT_MAIN + " leaves nothing to measure; name a control, or leave it off.");
        return List.copyOf(arms);
    }

    /** In the schema's order; each needs something to choose from. */
    private List<String> select() {
        JsonNode value = value("select");
        List<String> choices = schema.choices("select");
        Set<String> names = names("select", value);
        if (!choices.containsAll(names)) return wrong("select", "of " + String.join(", ", choices), value, List.of());
        return choices.stream().filter(names::contains).toList();
    }

    /** What can be chosen only from several must be several. */
    private void checkSelection(Experiment experiment) {
        Map<String, Integer> candidates = Map.of(
                "seed", experiment.seeds().size(),
                "order", experiment.orders().size(),
                "template", experiment.templates().size());
        Map<String, String> from = Map.of("seed", "seeds", "order", "orders", "template", "template");
        for (String name : experiment.select()) {
            if (candidates.getOrDefault(name, 0) < 2 && !wrong.contains(from.getOrDefault(name, name)))
                mistake(
                        "select",
                        "select: there is only one " + name + " to choose from; give several, or leave it off.");
        }
        if (!experiment.select().isEmpty() && !experiment.arms().contains(Arms.MAIN))
            mistake("select", "select: chooses among the cells of main, which " + Arms.NOT_MAIN + " leaves out.");
    }

    private OptionalDouble learningRate() {
        JsonNode value = value("learning_rate");
        if (value.isTextual() && List.of(Experiment.AUTO, Experiment.PAPER).contains(value.textValue()))
            return OptionalDouble.empty();
        double rate = Double.NaN;
        if (value.isNumber()) rate = value.doubleValue();
        else if (value.isTextual() && Pattern.matches(schema.pattern("learning_rate"), value.textValue()))
            rate = parseDouble(value.textValue());
        if (rate > 0 && Double.isFinite(rate)) return OptionalDouble.of(rate);
        return wrong("learning_rate", "auto, paper or a number above 0", value, OptionalDouble.empty());
    }

    private OptionalInt threads() {
        JsonNode value = value("threads");
        if (value.isTextual() && value.textValue().equals(Experiment.AUTO)) return OptionalInt.empty();
        OptionalInt threads = OptionalInt.empty();
        if (isInt(value)) threads = OptionalInt.of(value.intValue());
        else if (value.isTextual()) threads = parse(value.textValue());
        if (threads.isPresent() && threads.getAsInt() >= 1) return threads;
        return wrong("threads", "auto or a whole number from 1", value, OptionalInt.empty());
    }

    private String device() {
        JsonNode value = value("device");
        if (value.isTextual() && Pattern.matches(schema.pattern("device"), value.textValue())) return value.textValue();
        return wrong("device", "auto, cpu, cuda or cuda:0, cuda:1 …", value, Experiment.AUTO);
    }

    private String dtype() {
        String asked = value("dtype").asText();
        if (!List.of("float16", "bfloat16").contains(asked)) return choice("dtype");
        mistake(
                "dtype",
                "dtype: nothing is computed in " + asked + ": steps of fine-tuning are smaller than its rounding, and"
                        + " on a CPU it is slower, or not there. Checkpoints stored so are widened when they are read; take"
                        + " float32.");
        return asked;
    }

    /** As the schema's pattern has it; how much that is, planning finds out. */
    private String memory() {
        JsonNode value = value("memory");
        if (value.isTextual() && Pattern.matches(schema.pattern("memory"), value.textValue())) return value.textValue();
        return wrong("memory", "auto or a size such as 6g or 800m", value, Experiment.AUTO);
    }

    /** Distinct names in the order given; null and empty strings are no names. */
    private Set<String> names(String name, JsonNode value) {
        Set<String> names = new LinkedHashSet<>();
        if (value.isTextual()) {
            for (String part : value.textValue().split(",", -1)) names.add(part.trim());
        } else if (value.isArray()) {
            for (JsonNode item : value) {
                if (item.isTextual()) names.add(item.textValue().trim());
                else wrong(name, "names", item, "");
            }
        } else if (!value.isNull()) {
            wrong(name, "a list of names, or names separated by commas", value, "");
        }
        names.remove("");
        return names;
    }

    private <T> T wrong(String name, String rule, JsonNode value, T standIn) {
        if (!value.isMissingNode()) mistake(name, name + ": has to be " + rule + ", not " + shown(value) + ".");
        return standIn;
    }

    private void mistake(String name, String sentence) {
        mistakes.add(sentence);
        wrong.add(name);
    }

    private static boolean isInt(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
    }

    private static OptionalInt parse(String digits) {
        if (!DIGITS.matcher(digits).matches()) return OptionalInt.empty();
        try {
            return OptionalInt.of(Integer.parseInt(digits));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static double parseDouble(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 77) + "…";
    }
}
