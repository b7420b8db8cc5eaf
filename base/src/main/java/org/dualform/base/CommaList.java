package org.dualform.base;

import java.util.ArrayList;
import java.util.List;

/**
 * Names in one text, separated by commas. A name that holds a comma stands in double quotes, as in CSV; a quote mark
 * inside them is doubled: {@code topics,"/data/mails, old"}.
 */
public final class CommaList {
    private static final char QUOTE = '"';

    private CommaList() {}

    /** The names in their order, without the blanks around them. A name may be empty. */
    public static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int end = end(text, start);
            names.add(name(text.substring(start, end).strip()));
            start = end + 1;
        }
        return names;
    }

    /** One text of which {@link #names} makes the same names. */
    public static String text(List<String> names) {
        return String.join(",", names.stream().map(CommaList::written).toList());
    }

    /** The comma after the name that begins at {@code start}, or the text's end. */
    private static int end(String text, int start) {
        int from = start;
        while (from < text.length() && Character.isWhitespace(text.charAt(from))) from++;
        int close = from < text.length() && text.charAt(from) == QUOTE ? close(text, from) : -1;
        int comma = text.indexOf(',', close < 0 ? start : close);
        return comma < 0 ? text.length() : comma;
    }

    /** The quote mark that ends a quoted name; -1 if none does, and the name's first mark belongs to it. */
    private static int close(String text, int open) {
        for (int i = open + 1; i < text.length(); i++) {
            if (text.charAt(i) != QUOTE) continue;
            if (i + 1 < text.length() && text.charAt(i + 1) == QUOTE) i++;
            else return i;
        }
        return -1;
    }

    private static String name(String part) {
        boolean quoted = part.length() > 1 && part.charAt(0) == QUOTE && close(part, 0) == part.length() - 1;
        return quoted ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
    }

    private static String written(String name) {
        return name.indexOf(',') < 0 && name.indexOf(QUOTE) < 0 ? name : QUOTE + name.replace("\"", "\"\"") + QUOTE;
    }
}
