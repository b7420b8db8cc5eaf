package org.dualform.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.model.part.Activation;
import org.dualform.model.part.Architecture;

/**
 * A Hugging Face config.json. An absent key means the class default, which the family gives; null is a value of its own
 * and, where the family gives it no meaning, a mistake. Mistakes are collected and told together.
 */
public final class ModelConfig {
    private static final Map<String, Activation> ACTIVATIONS = Map.of(
            "relu", Activation.RELU,
            "silu", Activation.SILU,
            "swish", Activation.SILU,
            "gelu", Activation.GELU,
            "gelu_new", Activation.GELU_TANH,
            "gelu_pytorch_tanh", Activation.GELU_TANH,
            "gelu_fast", Activation.GELU_TANH);

    private static final double INITIALIZER_RANGE = 0.02;

    private final JsonNode root;
    private final String where;
    private final Mistakes mistakes = new Mistakes(ExitCode.DATA);

    /** @param where the file, for messages */
    public ModelConfig(JsonNode root, String where) {
        this.root = root;
        this.where = where;
    }

    /** Reads {@code folder/config.json}. */
    public static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw UserException.data(
                    "The model folder " + folder + " has no config.json: a model is a folder in Hugging Face layout.");
        }
        try {
            JsonNode root = Json.mapper().readTree(file.toFile());
            if (root == null || !root.isObject()) throw UserException.data(file + " is not a JSON object.");
            return new ModelConfig(root, file.toString());
        } catch (IOException e) {
            throw UserException.data("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The model that this configuration describes; every mistake in it is told at once. */
    public Architecture architecture() {
        if (root.hasNonNull("quantization_config")) {
            mistakes.add(where + " describes a quantised model; use the unquantised checkpoint.");
        }
        Architecture architecture = family().architecture(this);
        mistakes.throwIfAny();
        return architecture;
    }

    /** The family named by {@code model_type}. */
    public Family family() {
        return Families.named(text("model_type", ""));
    }

    boolean has(String key) {
        return root.has(key);
    }

    boolean isNull(String key) {
        return root.path(key).isNull();
    }

    /** The value of a key, missing nodes included. */
    JsonNode node(String key) {
        return root.path(key);
    }

    /** A whole number of at least 1. */
    int count(String key, int whenAbsent) {
        return count(key, whenAbsent, 0);
    }

    /** As {@link #count(String, int)}; null means {@code whenNull}. */
    int count(String key, int whenAbsent, int whenNull) {
        if (!root.has(key)) return whenAbsent;
        JsonNode value = root.get(key);
        if (value.isNull() && whenNull > 0) return whenNull;
        if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() > 0) return value.intValue();
        return wrong(key, value, "a whole number of at least 1", 1);
    }

    /** A finite number above 0. */
    double positive(String key, double whenAbsent) {
        return positive(root, key, whenAbsent);
    }

    double positive(JsonNode parent, String key, double whenAbsent) {
        if (!parent.has(key)) return whenAbsent;
        JsonNode value = parent.get(key);
        if (value.isNumber() && value.doubleValue() > 0 && Double.isFinite(value.doubleValue())) {
            return value.doubleValue();
        }
        return wrong(key, value, "a number above 0", 1.0);
    }

    /** Standard deviation of new weights: {@code initializer_range}, 0.02 where that is absent. */
    public double initializerRange() {
        return root.path("initializer_range").asDouble(0) > 0
                ? root.path("initializer_range").asDouble()
                : INITIALIZER_RANGE;
    }

    boolean flag(String key, boolean whenAbsent) {
        if (!root.has(key)) return whenAbsent;
        JsonNode value = root.get(key);
        return value.isBoolean() ? value.booleanValue() : wrong(key, value, "true or false", false);
    }

    String text(String key, String whenAbsent) {
        if (!root.has(key)) return whenAbsent;
        JsonNode value = root.get(key);
        return value.isTextual() ? value.textValue() : wrong(key, value, "a string", whenAbsent);
    }

    Activation activation(String key, String whenAbsent) {
        String name = text(key, whenAbsent);
        Activation activation = ACTIVATIONS.get(name);
        if (activation != null) return activation;
        mistakes.add("In " + where + " \"" + key + "\" is \"" + name + "\"; supported are "
                + String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()) + ".");
        return Activation.RELU;
    }

    /** A token id, or empty; the first of a list. */
    public OptionalInt tokenId(String key) {
        JsonNode value = root.path(key).isArray() ? root.path(key).path(0) : root.path(key);
        return value.canConvertToInt() && value.isIntegralNumber() && value.intValue() >= 0
                ? OptionalInt.of(value.intValue())
                : OptionalInt.empty();
    }

    /** Adds a mistake, as a whole sentence after the file's name. */
    void mistake(String what) {
        mistakes.add("In " + where + " " + what);
    }

    private <T> T wrong(String key, JsonNode value, String rule, T instead) {
        mistake("\"" + key + "\" must be " + rule + ", but is " + Json.write(value) + ".");
        return instead;
    }
}
