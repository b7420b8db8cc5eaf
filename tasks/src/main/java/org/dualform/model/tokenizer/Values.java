package org.dualform.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;

/** Checks single values of a tokenizer.json, and collects what is wrong. */
final class Values {
    /** No tokenizer comes near these numbers. They bound what native code builds from a file. */
    static final int LARGEST_ID = 1 << 24;

    private static final int LONGEST_TEXT = 4096;
    private static final int SHOWN = 60;

    private final Path file;
    private final Mistakes mistakes = new Mistakes(ExitCode.DATA);

    Values(Path file) {
        this.file = file;
    }

    /** @param at the place of the value, such as {@code model.vocab} */
    void mistake(String at, String rule, JsonNode value) {
        String shown = value.isMissingNode() ? "missing" : Json.write(value);
        mistake(at, rule, shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN) + "…");
    }

    void mistake(String at, String rule, String shown) {
        mistakes.add("In " + file + " \"" + at + "\" must be " + rule + ", but is " + shown + ". "
                + "Save the tokenizer again (AutoTokenizer.from_pretrained(…).save_pretrained).");
    }

    void throwIfAny() {
        mistakes.throwIfAny();
    }

    boolean text(String at, JsonNode value) {
        return text(at, value, LONGEST_TEXT);
    }

    /** Whether a value is a text of at most {@code longest} UTF-8 bytes. */
    boolean text(String at, JsonNode value, int longest) {
        if (!value.isTextual()) {
            mistake(at, "a text", value);
            return false;
        }
        return text(at, value.textValue(), longest);
    }

    boolean text(String at, String text, int longest) {
        var lone = Unicode.loneSurrogate(text);
        if (lone.isPresent()) {
            String half = String.format("U+%04X", (int) text.charAt(lone.getAsInt()));
            mistake(at, "valid Unicode", "a text with half of a surrogate pair (" + half + ")");
            return false;
        }
        int bytes = Unicode.bytes(text);
        if (bytes <= longest) return true;
        mistake(at, "a text of at most " + longest + " bytes", "one of " + bytes + " bytes");
        return false;
    }

    boolean character(String at, JsonNode value) {
        boolean single = value.isTextual()
                && value.textValue().codePointCount(0, value.textValue().length()) == 1;
        if (single) return text(at, value);
        mistake(at, "a single character", value);
        return false;
    }

    boolean flag(String at, JsonNode value) {
        if (value.isBoolean()) return true;
        mistake(at, "true or false", value);
        return false;
    }

    boolean whole(String at, JsonNode value, int least, int largest) {
        boolean fine = value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= least
                && value.intValue() <= largest;
        if (!fine) mistake(at, "a whole number from " + least + " to " + largest, value);
        return fine;
    }

    boolean id(String at, JsonNode value) {
        return whole(at, value, 0, LARGEST_ID);
    }
}
