package org.dualform.hub.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the split in a file's path by the words that the hub's own tools look for. */
final class SplitName {
    private record Words(String split, Pattern pattern) {}

    private static final List<Words> SPLITS = List.of(
            new Words("train", word("train|training")),
            new Words("validation", word("validation|valid|val|dev")),
            new Words("test", word("test|testing|eval|evaluation")));

    private SplitName() {}

    /** Looks at the file's name first, then at its folders from the innermost outwards. */
    static Optional<String> of(String path) {
        List<String> parts = new ArrayList<>(List.of(path.split("/")));
        Collections.reverse(parts);
        for (String part : parts) {
            for (Words words : SPLITS) {
                if (words.pattern().matcher(part.toLowerCase(Locale.ROOT)).find()) return Optional.of(words.split());
            }
        }
        return Optional.empty();
    }

    private static Pattern word(String words) {
        return Pattern.compile("(?<![a-z])(" + words + ")(?![a-z])");
    }
}
