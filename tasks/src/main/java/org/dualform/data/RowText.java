package org.dualform.data;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * What is left of a row's texts if case, spaces and punctuation do not count: its letters, marks and digits in
 * Unicode's form NFKC, in small letters. Two rows with the same are the same to a reader.
 */
final class RowText {
    private static final char BETWEEN_FIELDS = '\n';

    private RowText() {}

    /** The form of the given fields. A row without any letter or digit keeps its texts as they are. */
    static String of(LabelledRow row, List<String> fields) {
        StringBuilder reduced = new StringBuilder();
        StringBuilder whole = new StringBuilder();
        for (String field : fields) {
            String text = row.fields().getOrDefault(field, "");
            reduce(text, reduced);
            reduced.append(BETWEEN_FIELDS);
            whole.append(text.strip()).append(BETWEEN_FIELDS);
        }
        return reduced.length() == fields.size() ? whole.toString() : reduced.toString();
    }

    private static void reduce(String text, StringBuilder out) {
        // Small letters come first: the sign K of kelvin and the letter k are one.
        Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(RowText::counts)
                .forEach(out::appendCodePoint);
    }

    private static boolean counts(int character) {
        return switch (Character.getType(character)) {
            // In many scripts vowels are marks.
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> Character.isLetterOrDigit(character);
        };
    }
}
