package org.dualform.model.chat;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** The functions that transformers gives to chat templates. The library calls them by reflection. */
public final class HostFunctions {
    /**
     * The time of every rendering, so that prompts are the same on any day. It is the one that Llama 3's template takes
     * where it is told none.
     */
    public static final LocalDateTime DATE = LocalDateTime.of(2024, 7, 26, 0, 0);

    /** Python's codes, as Java writes them. */
    private static final Map<Character, String> CODES = Map.ofEntries(
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('e', "d"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('h', "MMM"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('j', "DDD"),
            Map.entry('F', "yyyy-MM-dd"),
            Map.entry('T', "HH:mm:ss"));

    private HostFunctions() {}

    /** What a template said when it refused a conversation. */
    static final class Raised extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Raised(String message) {
            super(message);
        }
    }

    /** Ends the rendering with the template's own message. */
    public static String raiseException(String message) {
        throw new Raised(message);
    }

    /** {@link #DATE} in Python's format, in English. {@code %-d} is a number without a leading zero. */
    public static String strftimeNow(String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char code = format.charAt(++i);
            boolean bare = code == '-' && i + 1 < format.length();
            if (bare) code = format.charAt(++i);
            String java = CODES.get(code);
            if (code == '%') out.append('%');
            else if (java == null) throw new Raised("strftime_now: the code %" + code + " is not known here");
            else {
                String text = DateTimeFormatter.ofPattern(java, Locale.ENGLISH).format(DATE);
                out.append(bare ? text.replaceFirst("^0+(?=\\d)", "") : text);
            }
        }
        return out.toString();
    }
}
