package org.dualform.mlflow.value;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a key as the text that it stands for, by the rules of {@link KeyCodec}. */
final class KeyReader {
    /** A colon, an escaped UTF-16 unit, or an equals sign; the order matters. */
    private static final Pattern ESCAPE = Pattern.compile(":(?:(:)|\\.([0-9a-f]{4})|)");

    private KeyReader() {}

    static String read(String key) {
        return ESCAPE.matcher(key).replaceAll(found -> Matcher.quoteReplacement(meaning(found)));
    }

    private static String meaning(MatchResult found) {
        if (found.group(1) != null) {
            return ":";
        }
        return found.group(2) == null ? "=" : String.valueOf((char) Integer.parseInt(found.group(2), 16));
    }
}
