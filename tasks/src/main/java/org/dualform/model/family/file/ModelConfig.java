package org.dualform.model.family.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.dualform.base.FileFailure;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufParts;
import org.dualform.model.gguf.GgufModel;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.function.Activation;

/**
 * A Hugging Face config.json. An absent key stands for the default of the family's class in transformers, which the
 * family gives. A null is a value of its own; where the family gives it no meaning, it is a mistake. Mistakes are
 * collected and reported together.
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
    private static final Map<String, Double> OTHER_INITIALIZER_RANGES = Map.of("starcoder2", 0.018042);
    private static final Set<String> NAMED_INIT_STD = Set.of("opt", "xglm");
    private static final int LARGEST = 1 << 24;
    private static final int MOST_LAYERS = 10_000;
    private static final Pattern OTHER_HEADS = Pattern.compile(".+For(\\w+Classification|QuestionAnswering)");

    private final JsonNode root;
    private final String where;
    private final Mistakes mistakes = new Mistakes(ExitCode.DATA);

    /** @param where the file, for messages */
    public ModelConfig(JsonNode root, String where) {
        this.root = root;
        this.where = where;
    }

    /** Reads {@code folder/config.json}, or the metadata of a GGUF file. */
    public static ModelConfig read(Path folder) {
        if (GgufParts.isFile(folder))
            return new ModelConfig(GgufModel.open(folder).config(), folder.toString());
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
            throw UserException.data("The file " + file + " cannot be read: " + FileFailure.reason(e), e);
        }
    }

    /**
     * The same configuration with each key under the name that the family reads. A key that is given under both names
     * with two values is a mistake.
     *
     * @param names the other names, and those that are read
     */
    public ModelConfig withoutAliases(Map<String, String> names) {
        ObjectNode renamed = root.deepCopy();
        ModelConfig config = new ModelConfig(renamed, where);
        names.forEach((alias, name) -> {
            JsonNode value = renamed.remove(alias);
            if (value == null) return;
            if (!renamed.has(name)) renamed.set(name, value);
            else if (!renamed.get(name).equals(value)) {
                config.mistake("\"" + alias + "\" (" + Json.write(value) + ") and \"" + name + "\" ("
                        + Json.write(renamed.get(name)) + ") are two names of one number: remove one.");
            }
        });
        return config;
    }

    /**
     * What a family reads from this configuration.
     *
     * @throws UserException naming every mistake
     */
    public Architecture checked(Function<ModelConfig, Architecture> reader) {
        if (root.hasNonNull("quantization_config")) {
            mistakes.add(where + " describes a quantised model; use the unquantised checkpoint.");
        }
        refuse("is_encoder_decoder");
        refuse("add_cross_attention");
        if (!root.path("is_causal").asBoolean(true)) {
            mistake("\"is_causal\" is false: a model that sees what follows is no language model.");
        }
        if (!root.path("pruned_heads").isEmpty()) mistake("\"pruned_heads\" is not empty: that is not supported.");
        refuseOtherHeads();
        Architecture architecture = reader.apply(this);
        Architecture.Sizes sizes = architecture.sizes();
        if ((long) sizes.heads() * sizes.headDim() > LARGEST) {
            mistake(sizes.heads() + " heads of " + sizes.headDim() + " dimensions are more than " + LARGEST
                    + " in all.");
        }
        mistakes.throwIfAny();
        return architecture;
    }

    /**
     * Refuses models with another head. A tied model that was saved with another head would run as a language model
     * that nobody trained.
     */
    private void refuseOtherHeads() {
        List<String> others = new ArrayList<>();
        for (JsonNode name : root.path("architectures")) {
            if (name.asText().endsWith("ForCausalLM") || name.asText().endsWith("LMHeadModel")) return;
            if (OTHER_HEADS.matcher(name.asText()).matches()) others.add(name.asText());
        }
        if (!others.isEmpty()) {
            mistake("\"architectures\" is " + String.join(", ", others) + ": a model with another head than a"
                    + " language model's. Use the language model it was made from.");
        }
    }

    /** Refuses a feature that the flag switches on. */
    public void refuse(String flag) {
        if (root.path(flag).asBoolean(false)) mistake("\"" + flag + "\" is true: that is not supported.");
    }

    /** Whether the checkpoint comes with Python code of its own, which is never run here. */
    public boolean bringsOwnCode() {
        return root.path("auto_map").isObject();
    }

    /** The file, for messages. */
    public String where() {
        return where;
    }

    boolean has(String key) {
        return root.has(key);
    }

    boolean isNull(String key) {
        return root.path(key).isNull();
    }

    /** The value of a key, or a missing node. */
    public JsonNode node(String key) {
        return root.path(key);
    }

    /** A whole number of at least 1. */
    public int count(String key, int whenAbsent) {
        return count(key, whenAbsent, 0);
    }

    /** As {@link #count(String, int)}, where null stands for {@code whenNull}. */
    public int count(String key, int whenAbsent, int whenNull) {
        if (!root.has(key)) return whenAbsent;
        JsonNode value = root.get(key);
        if (value.isNull() && whenNull > 0) return whenNull;
        return count(key, value, LARGEST);
    }

    /** A number of layers. */
    public int layers(String key, int whenAbsent) {
        return root.has(key) ? count(key, root.get(key), MOST_LAYERS) : whenAbsent;
    }

    /**
     * A whole number up to {@code largest}. No model comes near the limits: they keep a wrong number from taking
     * memory, or from overflowing a product.
     */
    private int count(String key, JsonNode value, int largest) {
        if (value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() > 0
                && value.intValue() <= largest) {
            return value.intValue();
        }
        return wrong(key, value, "a whole number from 1 to " + largest, 1);
    }

    /** A whole number that is not negative. */
    public int countOrZero(String key, int whenAbsent) {
        JsonNode value = root.path(key);
        if (value.isMissingNode()) return whenAbsent;
        if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0) return value.intValue();
        return wrong(key, value, "a whole number from 0 up", 0);
    }

    /** A finite number above 0. */
    public double positive(String key, double whenAbsent) {
        return positive(root, key, whenAbsent);
    }

    /** A number above 0 and below 1, which has to be there. */
    public double shareBelowOne(String key) {
        JsonNode value = root.path(key);
        boolean fine = value.isNumber() && value.doubleValue() > 0 && value.doubleValue() < 1;
        return fine ? value.doubleValue() : wrong(key, value, "a number above 0 and below 1", 0.5);
    }

    public double positive(JsonNode parent, String key, double whenAbsent) {
        if (!parent.has(key)) return whenAbsent;
        JsonNode value = parent.get(key);
        if (value.isNumber() && value.doubleValue() > 0 && Double.isFinite(value.doubleValue())) {
            return value.doubleValue();
        }
        return wrong(key, value, "a number above 0", 1.0);
    }

    /**
     * The standard deviation of new weights: {@code initializer_range}, in some families {@code init_std}, or the
     * family's default if it is absent: 0.02 in most.
     */
    public double initializerRange() {
        String family = root.path("model_type").asText("");
        String key = NAMED_INIT_STD.contains(family) ? "init_std" : "initializer_range";
        double range = root.path(key).asDouble(0);
        return range > 0 ? range : OTHER_INITIALIZER_RANGES.getOrDefault(family, INITIALIZER_RANGE);
    }

    /** As {@link #positive(JsonNode, String, double)}, for a key that must be there. */
    double required(JsonNode parent, String key) {
        return parent.has(key)
                ? positive(parent, key, 1)
                : wrong(key, MissingNode.getInstance(), "a number above 0", 1.0);
    }

    /** The width of a head: the model's width divided by the number of heads, without a remainder. */
    public int headDim(String widthKey, int width, String headsKey, int heads) {
        if (width % heads != 0) {
            mistake("\"" + widthKey + "\" (" + width + ") must be a multiple of \"" + headsKey + "\" (" + heads + ").");
        }
        return Math.max(1, width / heads);
    }

    /** As {@link #headDim}, for a family that has no other width, and whose files may name it all the same. */
    public int fixedHeadDim(String widthKey, int width, String headsKey, int heads) {
        int headDim = headDim(widthKey, width, headsKey, heads);
        int named = count("head_dim", headDim, headDim);
        if (named != headDim) {
            mistake("\"head_dim\" is " + named + ": supported is \"" + widthKey + "\" / \"" + headsKey + "\" ("
                    + headDim + ").");
        }
        return headDim;
    }

    /**
     * The width of a head that {@code head_dim} names, or else the model's width divided by the number of heads, without
     * a remainder.
     */
    public int namedHeadDim(String widthKey, int width, String headsKey, int heads) {
        if (!isNull("head_dim") && has("head_dim")) return count("head_dim", 1);
        return headDim(widthKey, width, headsKey, heads);
    }

    /** The width of a head that {@code head_dim} names, where null is a mistake, or else the quotient rounded down. */
    public int statedHeadDim(int width, int heads) {
        return count("head_dim", Math.max(1, width / heads));
    }

    /**
     * The number of key/value heads, each of which serves equally many query heads; null stands for as many as there
     * are query heads.
     */
    public int kvHeads(int heads, int whenAbsent) {
        return kvHeads(heads, whenAbsent, heads);
    }

    /** As {@link #kvHeads}, for a family in which null is a mistake. */
    public int namedKvHeads(int heads, int whenAbsent) {
        return kvHeads(heads, whenAbsent, 0);
    }

    private int kvHeads(int heads, int whenAbsent, int whenNull) {
        int kvHeads = count("num_key_value_heads", whenAbsent, whenNull);
        if (heads % kvHeads == 0) return kvHeads;
        mistake("\"num_attention_heads\" (" + heads + ") must be a multiple of \"num_key_value_heads\" (" + kvHeads
                + (has("num_key_value_heads") ? "" : ", the family's default") + ").");
        return heads;
    }

    /** As {@link #kvHeads}, for a family in which null is a mistake. */
    public int statedKvHeads(int heads, int whenAbsent) {
        if (isNull("num_key_value_heads")) return count("num_key_value_heads", whenAbsent);
        return kvHeads(heads, whenAbsent);
    }

    public boolean flag(String key, boolean whenAbsent) {
        if (!root.has(key)) return whenAbsent;
        JsonNode value = root.get(key);
        return value.isBoolean() ? value.booleanValue() : wrong(key, value, "true or false", false);
    }

    public String text(String key, String whenAbsent) {
        if (!root.has(key)) return whenAbsent;
        JsonNode value = root.get(key);
        return value.isTextual() ? value.textValue() : wrong(key, value, "a string", whenAbsent);
    }

    public Activation activation(String key, String whenAbsent) {
        String name = text(key, whenAbsent);
        Activation activation = ACTIVATIONS.get(name);
        if (activation != null) return activation;
        mistakes.add("In " + where + " \"" + key + "\" is \"" + name + "\"; supported are "
                + String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()) + ".");
        return Activation.RELU;
    }

    /** A token id, or the first of a list of them; empty if there is none. */
    public OptionalInt tokenId(String key) {
        JsonNode value = root.path(key).isArray() ? root.path(key).path(0) : root.path(key);
        return value.canConvertToInt() && value.isIntegralNumber() && value.intValue() >= 0
                ? OptionalInt.of(value.intValue())
                : OptionalInt.empty();
    }

    /** Adds a mistake: a whole sentence that follows the file's name. */
    public void mistake(String what) {
        mistakes.add("In " + where + " " + what);
    }

    private <T> T wrong(String key, JsonNode value, String rule, T instead) {
        mistake("\"" + key + "\" must be " + rule + ", but is "
                + (value.isMissingNode() ? "missing" : Json.write(value)) + ".");
        return instead;
    }
}
