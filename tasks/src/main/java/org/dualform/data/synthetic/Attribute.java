package org.dualform.data.synthetic;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * Something a sentence can be classified by.
 *
 * @param name topic, sentiment, time
 * @param members category (also its canonical label) to the words that show it
 */
public record Attribute(String name, LinkedHashMap<String, List<String>> members) {

    public List<String> categories() {
        return List.copyOf(members.keySet());
    }

    /** The words that show {@code category}. */
    public List<String> words(String category) {
        List<String> words = members.get(category);
        if (words == null) {
            throw new IllegalArgumentException(name + " has no category " + category);
        }
        return words;
    }
}
