package org.dualform.model.tokenizer;

import java.util.OptionalInt;

/** Which Java strings are texts. Native code knows no others. */
final class Unicode {
    private Unicode() {}

    /**
     * The index of the first half of a surrogate pair that stands alone; empty if there is none. JSON can write such a
     * half (as an escape), but no encoding of Unicode has it.
     */
    static OptionalInt loneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) continue;
            boolean pair =
                    Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair) return OptionalInt.of(i);
            i++;
        }
        return OptionalInt.empty();
    }

    /** The number of bytes of a text in UTF-8. */
    static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3; // a pair takes 4
        }
        return bytes;
    }
}
