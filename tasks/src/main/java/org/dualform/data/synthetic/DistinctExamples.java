package org.dualform.data.synthetic;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dualform.base.SplitMix64;

/** Draws examples of a task in random order, without repeating a sentence, and with the classes as even as possible. */
final class DistinctExamples {
    private final SplitMix64 random;
    private final SentenceMaker sentences;

    DistinctExamples(Lexicon lexicon, long seed) {
        this.random = new SplitMix64(seed);
        this.sentences = new SentenceMaker(lexicon);
    }

    List<ClassificationTask.Example> draw(ClassificationTask task, int count) {
        List<String> categories = List.copyOf(task.labels().keySet());
        Set<List<String>> seen = new HashSet<>();
        List<ClassificationTask.Example> examples = new ArrayList<>();
        while (examples.size() < count) {
            String category = categories.get(examples.size() % categories.size());
            ClassificationTask.Example example = task.example(random, sentences, category);
            if (seen.add(example.sentence())) {
                examples.add(example);
            }
        }
        return random.sample(examples, count);
    }
}
