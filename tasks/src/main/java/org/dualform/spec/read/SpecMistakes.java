package org.dualform.spec.read;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong in a spec, so that all of it is told at once, and remembers in which parameters. */
final class SpecMistakes {
    private static final int LONGEST = 80;
    private final List<String> sentences = new ArrayList<>();
    private final Set<String> wrong = new HashSet<>();

    /** A mistake that is in no known parameter. */
    void add(String sentence) {
        sentences.add(sentence);
    }

    /** A mistake in parameter {@code name}. */
    void add(String name, String sentence) {
        sentences.add(sentence);
        wrong.add(name);
    }

    /**
     * Tells that a value breaks its rule; a value that is absent has been told already.
     *
     * @param rule completes "has to be"
     * @return what stands in for the value
     */
    <T> T wrong(String name, String rule, JsonNode value, T standIn) {
        if (!value.isMissingNode()) add(name, name + ": has to be " + rule + ", not " + shown(value) + ".");
        return standIn;
    }

    /** A list names an item more than once. It would count once, and the person may have meant another. */
    void twice(String name, String item) {
        add(name, name + ": " + item + " is named more than once; name it once.");
    }

    boolean isWrong(String name) {
        return wrong.contains(name);
    }

    List<String> sentences() {
        return sentences;
    }

    Set<String> wrong() {
        return wrong;
    }

    /** The value as JSON, cut where it is long. */
    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "…";
    }
}
