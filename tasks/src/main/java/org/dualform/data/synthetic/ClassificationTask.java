package org.dualform.data.synthetic;

import java.util.LinkedHashMap;
import java.util.List;
import org.dualform.base.SplitMix64;

/**
 * A task to classify sentences.
 *
 * @param attribute the property that decides the label
 * @param labels the label word of each category; categories that are missing here do not occur
 * @param style what the sentences consist of
 */
public record ClassificationTask(Attribute attribute, LinkedHashMap<String, String> labels, Style style) {

    /** What a sentence consists of. */
    public enum Style {
        /** A word that decides, among others that do not, as in the corpus. */
        SENTENCE,
        /** Two or three different words of the category. */
        WORDS
    }

    /**
     * One labelled sentence.
     *
     * @param category the true category
     * @param label the label word
     */
    public record Example(List<String> sentence, String category, String label) {}

    /** A random example; all classes are equally likely. */
    public Example example(SplitMix64 random, SentenceMaker sentences) {
        return example(random, sentences, random.pick(List.copyOf(labels.keySet())));
    }

    /** A random example of one category. */
    public Example example(SplitMix64 random, SentenceMaker sentences, String category) {
        String label = labels.get(category);
        if (label == null) {
            throw new IllegalArgumentException("the task has no category " + category);
        }
        List<String> words = attribute.words(category);
        List<String> sentence = switch (style) {
            case SENTENCE -> sentences.sentence(random, attribute.name(), random.pick(words));
            case WORDS -> random.sample(words, random.between(2, 3));
        };
        return new Example(sentence, category, label);
    }
}
