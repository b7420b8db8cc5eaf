package org.dualform.data.synthetic;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * A task to classify sentences.
 *
 * @param attribute what decides the label
 * @param labels category to label word; categories that are missing here do not occur
 */
public record ClassificationTask(Attribute attribute, LinkedHashMap<String, String> labels) {

    /**
     * One labelled sentence.
     *
     * @param category the true category
     * @param label the label word
     */
    public record Example(List<String> sentence, String category, String label) {}

    /** A random example; all classes are equally likely. */
    public Example example(SplitMix64 random, SentenceMaker sentences) {
        String category = random.pick(List.copyOf(labels.keySet()));
        return example(random, sentences, category);
    }

    /** A random example of one category. */
    public Example example(SplitMix64 random, SentenceMaker sentences, String category) {
        String label = labels.get(category);
        if (label == null) {
            throw new IllegalArgumentException("the task has no category " + category);
        }
        String word = random.pick(attribute.words(category));
        return new Example(sentences.sentence(random, attribute.name(), word), category, label);
    }
}
