package org.dualform.data.synthetic;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * A property by which a sentence can be classified.
 *
 * @param name topic, sentiment or time
 * @param members the words that show each category; a category's name is also its canonical label
 */
public record Attribute(String name, LinkedHashMap<String, List<String>> members) {

    public List<String> categories() {
        return List.copyOf(members.keySet());
    }

    /** The words that show a category. */
    public List<String> words(String category) {
        List<String> words = members.get(category);
        if (words == null) {
            throw new IllegalArgumentException(name + " has no category " + category);
        }
        return words;
    }
}
