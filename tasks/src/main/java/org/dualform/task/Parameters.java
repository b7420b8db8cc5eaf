package org.dualform.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.prompt.Template;
import org.dualform.spec.Arm;
import org.dualform.spec.Experiment;
import org.dualform.spec.Method;
import org.dualform.spec.ModelVariant;
import org.dualform.spec.Tuning;

/** The parameters of a select or cell item, as {@code plan} wrote them, by type. */
final class Parameters {
    static final String CELL = "cell";
    static final String MODEL = "model";
    static final String DATASET = "dataset";
    static final String TEMPLATE = "template";
    static final String DESCRIPTION = "description";
    static final String SEED = "seed";
    static final String SEEDS = "seeds";
    static final String ORDER = "order";
    static final String ARM = "arm";
    /** Labels that demonstrations show: see {@link Arm.Labels#text}. */
    static final String LABELS = "labels";
    /** Which weights the model has: see {@link ModelVariant#id}. */
    static final String MODEL_VARIANT = "model_variant";
    /** How the model is fine-tuned: see {@link Tuning#text}. */
    static final String TUNING = "tuning";
    /** Whether scores are calibrated on content-free inputs. */
    static final String CALIBRATED = "calibrated";

    static final String SHOTS = "shots";
    static final String METHODS = "methods";
    static final String METHOD = "method";
    static final String LIMIT = "limit";
    static final String SPLIT = "split";
    /** Whether the evaluated rows are the first of the split (a study with seed 0), else a fixed draw. */
    static final String FIRST_ROWS = "first_rows";

    /** Every template that may be chosen. */
    static final String TEMPLATES = "templates";

    /** The file that names rows, or null. */
    static final String ROWS = "rows";

    static final String ORDERS = "orders";
    /** What each method chooses: see {@code select} of a spec. */
    static final String SELECT = "select";
    /** Rows to choose on. */
    static final String SELECT_ON = "select_on";

    static final String LEARNING_RATE = "learning_rate";
    static final String PASSES = "passes";
    static final String THREADS = "threads";
    static final String DEVICE = "device";
    /** Queries run at once. */
    static final String CHUNK_ROWS = "chunk_rows";

    static final String DTYPE = "dtype";
    static final String RECORD = "record";
    static final String RECORD_POSITION = "record_position";
    static final String RECORD_QUERIES = "record_queries";
    static final String RECORD_LIMIT = "record_limit";
    static final String BASELINES = "baselines";
    static final String RESERVE_TOKENS = "reserve_tokens";
    static final String TRANSPORT = "transport";
    static final String FRESH = "fresh";

    /** The union of names. */
    static Set<String> names(Set<String> some, String... others) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(List.of(others));
        return all;
    }

    private final ObjectNode node;

    Parameters(ObjectNode node) {
        this.node = node;
    }

    /**
     * A model or a data set: what it is called, where it is, and what its bytes hash to.
     *
     * @param origin repository and commit, if it came from a hub; for provenance alone
     */
    record Source(String name, Path path, String sha256, Optional<String> origin) {
        ObjectNode toJson() {
            ObjectNode json = Json.mapper()
                    .createObjectNode()
                    .put("name", name)
                    .put("path", path.toString())
                    .put("sha256", sha256);
            origin.ifPresent(from -> json.put("origin", from));
            return json;
        }
    }

    Source model() {
        return source(MODEL);
    }

    Source dataset() {
        return source(DATASET);
    }

    Template template() {
        try {
            return Json.mapper().treeToValue(value(TEMPLATE), Template.class);
        } catch (JsonProcessingException e) {
            throw wrong(TEMPLATE, "a template as plan writes it", value(TEMPLATE));
        }
    }

    /** The file that names rows, if there is one. */
    Optional<RowFile> rows() {
        return value(ROWS).isNull() ? Optional.empty() : Optional.of(RowFile.read(source(ROWS)));
    }

    /** The labels that demonstrations show. */
    Arm.Labels labels() {
        return Arm.Labels.of(text(LABELS));
    }

    ModelVariant variant() {
        return ModelVariant.of(text(MODEL_VARIANT));
    }

    Tuning tuning() {
        return Tuning.of(text(TUNING));
    }

    String text(String name) {
        JsonNode value = value(name);
        if (!value.isTextual()) throw wrong(name, "a text", value);
        return value.textValue();
    }

    int integer(String name) {
        JsonNode value = value(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) throw wrong(name, "a whole number", value);
        return value.intValue();
    }

    boolean flag(String name) {
        JsonNode value = value(name);
        if (!value.isBoolean()) throw wrong(name, "true or false", value);
        return value.booleanValue();
    }

    List<Integer> integers(String name) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode item : value(name)) {
            if (!item.isIntegralNumber()) throw wrong(name, "whole numbers", value(name));
            numbers.add(item.intValue());
        }
        if (numbers.isEmpty()) throw wrong(name, "a list of whole numbers", value(name));
        return numbers;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value(name)) texts.add(item.asText());
        return texts;
    }

    /** The rate given; empty for {@code auto}. */
    OptionalDouble learningRate() {
        JsonNode value = value(LEARNING_RATE);
        if (value.isNumber()) return OptionalDouble.of(value.doubleValue());
        if (value.asText().equals(Experiment.AUTO) || paperGrid()) return OptionalDouble.empty();
        throw wrong(LEARNING_RATE, "auto, paper or a number", value);
    }

    /** Whether the rate is chosen from the paper's grid. */
    boolean paperGrid() {
        return value(LEARNING_RATE).asText().equals(Experiment.PAPER);
    }

    /** What each method chooses. */
    List<String> select() {
        List<String> names = new ArrayList<>();
        value(SELECT).forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Whether choices are made on the rows that are reported. */
    boolean selectsOnReported() {
        return text(SELECT_ON).equals("reported");
    }

    /** The same with each of the templates that may be chosen, in order. */
    List<Parameters> byTemplate() {
        List<Parameters> each = new ArrayList<>();
        for (JsonNode template : value(TEMPLATES)) {
            ObjectNode copy = node.deepCopy();
            copy.set(TEMPLATE, template);
            each.add(new Parameters(copy));
        }
        return each;
    }

    /** Whether the method was asked for. */
    boolean asks(Method method) {
        for (JsonNode item : value(METHODS)) if (item.asText().equals(method.id())) return true;
        return false;
    }

    private Source source(String name) {
        JsonNode value = value(name);
        if (!value.path("path").isTextual() || !value.path("sha256").isTextual()) {
            throw wrong(name, "an object with name, path and sha256", value);
        }
        return new Source(
                value.path("name").asText(),
                Path.of(value.path("path").asText()),
                value.path("sha256").asText(),
                value.path("origin").isTextual()
                        ? Optional.of(value.path("origin").asText())
                        : Optional.empty());
    }

    private JsonNode value(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) throw UserException.usage("parameters: " + name + " is missing.");
        return value;
    }

    private static UserException wrong(String name, String rule, JsonNode value) {
        return UserException.usage("parameters: " + name + " must be " + rule + " (value: " + value + ").");
    }
}
