package org.dualform.data.synthetic;

import java.util.ArrayList;
import java.util.List;
import org.dualform.base.SplitMix64;

/** Makes sentences of three to five words that contain one noun, one adjective and one time word. */
public final class SentenceMaker {
    /** N is a noun, A an adjective, T a time word; anything else stands for itself. */
    private static final List<List<String>> ORDERS = List.of(
            List.of("A", "N", "T"),
            List.of("T", "A", "N"),
            List.of("the", "A", "N", "T"),
            List.of("T", "the", "A", "N"),
            List.of("the", "N", "is", "A", "T"),
            List.of("T", "the", "N", "is", "A"));

    private final Lexicon lexicon;
    private final List<String> nouns;

    public SentenceMaker(Lexicon lexicon) {
        this.lexicon = lexicon;
        this.nouns = lexicon.nouns();
    }

    /**
     * A sentence that shows {@code word}, which belongs to {@code attribute}. Its other words are drawn from all
     * categories.
     */
    public List<String> sentence(SplitMix64 random, String attribute, String word) {
        List<String> order = random.pick(ORDERS);
        String noun = random.pick(nouns);
        String adjective = random.pick(member(random, lexicon.attribute("sentiment")));
        String time = random.pick(member(random, lexicon.attribute("time")));
        List<String> words = new ArrayList<>(order.size());
        for (String slot : order) {
            words.add(
                    switch (slot) {
                        case "N" -> attribute.endsWith("topic") ? word : noun;
                        case "A" -> attribute.equals("sentiment") ? word : adjective;
                        case "T" -> attribute.equals("time") ? word : time;
                        default -> slot;
                    });
        }
        return List.copyOf(words);
    }

    private static List<String> member(SplitMix64 random, Attribute attribute) {
        return attribute.words(random.pick(attribute.categories()));
    }
}
