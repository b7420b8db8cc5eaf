package org.dualform.data.synthetic.corpus;

import java.util.List;
import org.dualform.base.SplitMix64;
import org.dualform.data.synthetic.Lexicon;

/**
 * Writes documents that teach the two parts of learning in context: copying what came before, and binding a label to a
 * word.
 */
final class PatternDocuments {
    private final List<String> words;
    private final List<String> bindable;

    PatternDocuments(Lexicon lexicon) {
        this.words = lexicon.words();
        this.bindable = lexicon.bindable();
    }

    /** A segment of random words that is repeated. The loss counts from the second copy on. */
    void copying(DocumentBuilder document, SplitMix64 random) {
        List<String> segment = random.sample(words, random.between(5, 19));
        for (int copy = 0; !document.full(); copy++) {
            double weight = copy == 0 ? 0 : 1;
            segment.forEach(word -> document.append(word, weight));
        }
    }

    /**
     * Demonstrations of one word each, in which every word has its own random label. Any word but the held-out ones may
     * be a label, so that the model learns to give back a word rather than to choose among the labels.
     */
    void binding(DocumentBuilder document, SplitMix64 random) {
        int pairs = random.between(3, 10);
        List<String> bound = random.sample(bindable, pairs);
        List<String> labels = random.sample(bindable, pairs);
        while (!document.full()) {
            int pair = random.nextInt(pairs);
            document.demonstration(List.of(bound.get(pair)), labels.get(pair));
        }
    }
}
