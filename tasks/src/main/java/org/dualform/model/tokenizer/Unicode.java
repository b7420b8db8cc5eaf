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
        int i = 0;
        while (i < text.length()) {
            // A pair is one code point; a half that stands alone is one too, and lies in the range of halves.
            int point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) return OptionalInt.of(i);
            i += Character.charCount(point);
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
