package org.dualform.model.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Lines of all kinds of text: words, code, numbers, emoji, scripts of many languages, spaces of many kinds. */
public final class MixedText {
    private static final List<String> WORDS = List.of(
            "the",
            "Quick",
            "brown",
            "FOX",
            "don't",
            "I'LL",
            "we've",
            "naïve",
            "Straße",
            "ΑΘΗΝΑ",
            "привет",
            "мир",
            "日本語",
            "中文字符",
            "한국어",
            "العربية",
            "हिन्दी",
            "ไทย",
            "שלום",
            "🙂",
            "👩‍👩‍👧",
            "🇩🇪",
            "é",
            "e\u0301",
            "ﬁ",
            "½",
            "①",
            "２３",
            "x1",
            "3.14159",
            "1234567890",
            "0xFF",
            "a_b",
            "camelCase",
            "UPPER_CASE",
            "<s>x",
            "</div>",
            "&amp;",
            "http://a.b/c?d=e#f",
            "me@x.org",
            "\u200b",
            "\ufeff",
            "\u00ad",
            "…",
            "—",
            "«»",
            "“q”",
            "𝒳",
            "\ud83e\udd16");
    private static final List<String> CODE = List.of(
            "if (x == 3) { return y->z; }",
            "def f(a, *b, **c):",
            "    return [i for i in range(10)]",
            "\tif err != nil {",
            "#include <stdio.h>",
            "SELECT * FROM t WHERE a='b';",
            "x += 1; // ok",
            "{\"k\": [1, 2.5e-3, null]}",
            "a&&b||!c",
            "$HOME/bin:${PATH}",
            "\\frac{1}{2}",
            "@Override",
            "::std::vector<int>{}",
            "'\\u1234'");
    private static final List<String> GAPS = List.of(
            " ", " ", " ", " ", "", "  ", "   ", "\t", "\n", "\r\n", "\n\n", " \n ", "\u00a0", "\u3000", ", ", ". ",
            "! ", "-");

    private MixedText() {}

    /** The same lines for the same seed, in every process. */
    public static List<String> lines(int count, long seed) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder line = new StringBuilder(i % 9 == 0 ? " ".repeat(random.nextInt(4)) : "");
            for (int n = 1 + random.nextInt(12); n > 0; n--)
                line.append(piece(random)).append(one(GAPS, random));
            lines.add(line.toString());
        }
        return lines;
    }

    private static String piece(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> one(CODE, random);
            case 1 -> Integer.toString(random.nextInt(1 << random.nextInt(31)));
            case 2 -> Character.toString(point(random)) + Character.toString(point(random));
            case 3 -> one(WORDS, random) + one(WORDS, random);
            default -> one(WORDS, random);
        };
    }

    /** A character of any plane that is in use, without halves of surrogate pairs. */
    private static int point(Random random) {
        int point;
        do point = random.nextInt(0x20000);
        while (point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE));
        return point;
    }

    private static String one(List<String> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }
}
