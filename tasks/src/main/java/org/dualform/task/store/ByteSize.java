package org.dualform.task.store;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sizes as people write them, such as {@code 6g} or {@code 800m}. Units are powers of 1024, as in Docker and Java. */
public final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]{0,14}([.][0-9]{1,3})?[kmgtKMGT]?");
    private static final String UNITS = "kmgt";

    private ByteSize() {}

    /** The bytes; empty if the text is no size. */
    public static Optional<Long> parse(String text) {
        if (!SIZE.matcher(text).matches()) return Optional.empty();
        String digits = text.toLowerCase(Locale.ROOT);
        int unit = UNITS.indexOf(digits.charAt(digits.length() - 1)) + 1;
        double number = Double.parseDouble(unit == 0 ? digits : digits.substring(0, digits.length() - 1));
        return Optional.of((long) (number * Math.pow(1024, unit)));
    }
}
