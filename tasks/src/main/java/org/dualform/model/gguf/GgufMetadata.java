package org.dualform.model.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.gguf.GgufFile;

/** The metadata of a model's own architecture, such as {@code llama.block_count}. Collects what is wrong with them. */
final class GgufMetadata {
    private final GgufFile file;
    private final String architecture;
    private final Mistakes mistakes = new Mistakes(ExitCode.DATA);

    GgufMetadata(GgufFile file, String architecture) {
        this.file = file;
        this.architecture = architecture;
    }

    /** The value of a key without the architecture before it; a missing node if there is none. */
    JsonNode value(String key) {
        return file.value(architecture + "." + key);
    }

    boolean has(String key) {
        return !value(key).isMissingNode();
    }

    boolean hasTensor(String name) {
        return file.tensors().containsKey(name);
    }

    /** A whole number of at least 1; empty if there is none. */
    OptionalInt count(String key) {
        JsonNode value = value(key);
        if (value.isMissingNode()) return OptionalInt.empty();
        if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() > 0)
            return OptionalInt.of(value.intValue());
        mistake(
                key,
                "has to be a whole number from 1, but is " + (value.isArray() ? "a list" : value)
                        + (value.isArray() ? ": blocks of different sizes are not supported" : ""));
        return OptionalInt.empty();
    }

    /** A whole number that has to be there; 1 in place of one that is wrong. */
    int required(String key) {
        if (!has(key)) mistake(key, "is missing");
        return count(key).orElse(1);
    }

    /** A finite number above 0; {@code otherwise} if there is none. */
    double positive(String key, double otherwise) {
        JsonNode value = value(key);
        if (value.isMissingNode()) return otherwise;
        if (value.isNumber() && Double.isFinite(value.doubleValue()) && value.doubleValue() > 0) return decimal(value);
        mistake(key, "has to be a number above 0, but is " + value);
        return otherwise;
    }

    /**
     * The decimal number that a 32-bit number was rounded from: config.json says 1e-5, which a model's Python code takes as
     * it is, and the file has the nearest 32-bit number.
     */
    static double decimal(JsonNode value) {
        return value.isFloat() ? Double.parseDouble(Float.toString(value.floatValue())) : value.doubleValue();
    }

    void mistake(String key, String what) {
        mistakes.add("In " + file.path() + " \"" + architecture + "." + key + "\" " + what + ".");
    }

    void throwIfAny() {
        mistakes.throwIfAny();
    }
}
