package org.dualform.data.synthetic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.dualform.base.SplitMix64;

/**
 * A kind of task on which a pretrained model is evaluated.
 *
 * @param name its name in reports
 * @param attribute the property that decides the label
 * @param classes the number of categories of a task
 * @param labels where the label words come from
 */
public record Condition(String name, String attribute, int classes, Labels labels) {

    /** Where the label words of a task come from. */
    public enum Labels {
        /** Words that are never labels in training. */
        HELD_OUT,
        /** Words that are labels in training too, each for any category. */
        ARBITRARY,
        /** The categories' own names. */
        CANONICAL,
        /**
         * The category's own name for every second category, and words that are never labels in training for the
         * others.
         */
        HALF,
        /** The categories' names, each for another category. */
        FLIPPED
    }

    /** The conditions of the model card. */
    public static List<Condition> all() {
        return List.of(
                new Condition("held-out labels, 2 topics", "topic", 2, Labels.HELD_OUT),
                new Condition("held-out labels, 4 topics", "topic", 4, Labels.HELD_OUT),
                new Condition("arbitrary labels of training, 4 topics", "topic", 4, Labels.ARBITRARY),
                new Condition("half canonical, 2 topics", "topic", 2, Labels.HALF),
                new Condition("half canonical, 4 topics", "topic", 4, Labels.HALF),
                new Condition("canonical, 4 topics", "topic", 4, Labels.CANONICAL),
                new Condition("flipped, 4 topics", "topic", 4, Labels.FLIPPED),
                new Condition("canonical sentiment", "sentiment", 2, Labels.CANONICAL),
                new Condition("held-out labels, sentiment", "sentiment", 2, Labels.HELD_OUT),
                new Condition("topics never classified in training", "unclassified_topic", 2, Labels.HELD_OUT));
    }

    /** A random task of this kind. */
    public ClassificationTask draw(SplitMix64 random, Lexicon lexicon) {
        Attribute decides = lexicon.attribute(attribute);
        List<String> categories = random.sample(decides.categories(), classes);
        List<String> heldOut = random.sample(lexicon.heldOutLabels(), classes);
        List<String> arbitrary = random.sample(lexicon.labels(), classes);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            words.add(
                    switch (labels) {
                        case HELD_OUT -> heldOut.get(i);
                        case ARBITRARY -> arbitrary.get(i);
                        case CANONICAL -> categories.get(i);
                        case HALF -> i % 2 == 0 ? categories.get(i) : heldOut.get(i);
                        case FLIPPED -> categories.get((i + 1) % classes);
                    });
        }
        LinkedHashMap<String, String> task = new LinkedHashMap<>();
        for (int i = 0; i < classes; i++) {
            task.put(categories.get(i), words.get(i));
        }
        return new ClassificationTask(decides, task, ClassificationTask.Style.SENTENCE);
    }
}
