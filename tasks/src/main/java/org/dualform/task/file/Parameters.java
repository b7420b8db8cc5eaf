package org.dualform.task.file;

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
import org.dualform.spec.Experiment;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.ModelVariant;
import org.dualform.spec.arm.Tuning;

/** The parameters of a select or cell item, as {@code plan} wrote them, by type. */
public final class Parameters {
    public static final String CELL = "cell";
    public static final String MODEL = "model";
    public static final String DATASET = "dataset";
    public static final String TEMPLATE = "template";
    public static final String DESCRIPTION = "description";
    public static final String SEED = "seed";
    public static final String SEEDS = "seeds";
    public static final String ORDER = "order";
    public static final String ARM = "arm";
    /** Labels that demonstrations show: see {@link Arm.Labels#text}. */
    public static final String LABELS = "labels";
    /** Which weights the model has: see {@link ModelVariant#id}. */
    public static final String MODEL_VARIANT = "model_variant";
    /** How the model is fine-tuned: see {@link Tuning#text}. */
    public static final String TUNING = "tuning";
    /** Whether scores are calibrated on content-free inputs. */
    public static final String CALIBRATED = "calibrated";

    public static final String SHOTS = "shots";
    public static final String METHODS = "methods";
    public static final String METHOD = "method";
    public static final String LIMIT = "limit";
    public static final String SPLIT = "split";
    /** Whether the evaluated rows are the first of the split (a study with seed 0), else a fixed draw. */
    public static final String FIRST_ROWS = "first_rows";

    /** Every template that may be chosen. */
    public static final String TEMPLATES = "templates";

    /** The file that names rows, or null. */
    public static final String ROWS = "rows";

    public static final String ORDERS = "orders";
    /** What each method chooses: see {@code select} of a spec. */
    public static final String SELECT = "select";
    /** Rows to choose on. */
    public static final String SELECT_ON = "select_on";

    public static final String LEARNING_RATE = "learning_rate";
    public static final String PASSES = "passes";
    public static final String THREADS = "threads";
    public static final String DEVICE = "device";
    /** Queries run at once. */
    public static final String CHUNK_ROWS = "chunk_rows";

    public static final String DTYPE = "dtype";
    public static final String RECORD = "record";
    public static final String RECORD_POSITION = "record_position";
    public static final String RECORD_QUERIES = "record_queries";
    public static final String RECORD_LIMIT = "record_limit";
    public static final String BASELINES = "baselines";
    public static final String RESERVE_TOKENS = "reserve_tokens";
    public static final String TRANSPORT = "transport";
    public static final String FRESH = "fresh";

    /** The union of names. */
    public static Set<String> names(Set<String> some, String... others) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(List.of(others));
        return all;
    }

    private final ObjectNode node;

    public Parameters(ObjectNode node) {
        this.node = node;
    }

    /**
     * A model or a data set: what it is called, where it is, and what its bytes hash to.
     *
     * @param origin repository and commit, if it came from a hub; for provenance alone
     */
    public record Source(String name, Path path, String sha256, Optional<String> origin) {
        public ObjectNode toJson() {
            ObjectNode json = Json.mapper()
                    .createObjectNode()
                    .put("name", name)
                    .put("path", path.toString())
                    .put("sha256", sha256);
            origin.ifPresent(from -> json.put("origin", from));
            return json;
        }
    }

    public Source model() {
        return source(MODEL);
    }

    public Source dataset() {
        return source(DATASET);
    }

    public Template template() {
        try {
            return Json.mapper().treeToValue(value(TEMPLATE), Template.class);
        } catch (JsonProcessingException e) {
            throw wrong(TEMPLATE, "a template as plan writes it", value(TEMPLATE));
        }
    }

    /** The file that names rows, if there is one. */
    public Optional<RowFile> rows() {
        return value(ROWS).isNull() ? Optional.empty() : Optional.of(RowFile.read(source(ROWS)));
    }

    /** The labels that demonstrations show. */
    public Arm.Labels labels() {
        return Arm.Labels.of(text(LABELS));
    }

    public ModelVariant variant() {
        return ModelVariant.of(text(MODEL_VARIANT));
    }

    public Tuning tuning() {
        return Tuning.of(text(TUNING));
    }

    public String text(String name) {
        JsonNode value = value(name);
        if (!value.isTextual()) throw wrong(name, "a text", value);
        return value.textValue();
    }

    public int integer(String name) {
        JsonNode value = value(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) throw wrong(name, "a whole number", value);
        return value.intValue();
    }

    public boolean flag(String name) {
        JsonNode value = value(name);
        if (!value.isBoolean()) throw wrong(name, "true or false", value);
        return value.booleanValue();
    }

    public List<Integer> integers(String name) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode item : value(name)) {
            if (!item.isIntegralNumber()) throw wrong(name, "whole numbers", value(name));
            numbers.add(item.intValue());
        }
        if (numbers.isEmpty()) throw wrong(name, "a list of whole numbers", value(name));
        return numbers;
    }

    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value(name)) texts.add(item.asText());
        return texts;
    }

    /** The rate given; empty for {@code auto}. */
    public OptionalDouble learningRate() {
        JsonNode value = value(LEARNING_RATE);
        if (value.isNumber()) return OptionalDouble.of(value.doubleValue());
        if (value.asText().equals(Experiment.AUTO) || paperGrid()) return OptionalDouble.empty();
        throw wrong(LEARNING_RATE, "auto, paper or a number", value);
    }

    /** Whether the rate is chosen from the paper's grid. */
    public boolean paperGrid() {
        return value(LEARNING_RATE).asText().equals(Experiment.PAPER);
    }

    /** What each method chooses. */
    public List<String> select() {
        List<String> names = new ArrayList<>();
        value(SELECT).forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Whether choices are made on the rows that are reported. */
    public boolean selectsOnReported() {
        return text(SELECT_ON).equals("reported");
    }

    /** The same with each of the templates that may be chosen, in order. */
    public List<Parameters> byTemplate() {
        List<Parameters> each = new ArrayList<>();
        for (JsonNode template : value(TEMPLATES)) {
            ObjectNode copy = node.deepCopy();
            copy.set(TEMPLATE, template);
            each.add(new Parameters(copy));
        }
        return each;
    }

    /** Whether the method was asked for. */
    public boolean asks(Method method) {
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
