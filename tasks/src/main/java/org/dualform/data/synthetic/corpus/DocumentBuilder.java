package org.dualform.data.synthetic.corpus;

import java.util.List;
import org.dualform.data.synthetic.Vocabulary;

/** Fills a document of fixed length. What does not fit is cut off. */
final class DocumentBuilder {
    private final Vocabulary vocabulary;
    private final float textWeight;
    private final int[] ids;
    private final float[] weights;
    private int size;

    /** @param textWeight the loss weight of tokens that are not labels */
    DocumentBuilder(Vocabulary vocabulary, int length, double textWeight) {
        this.vocabulary = vocabulary;
        this.textWeight = (float) textWeight;
        this.ids = new int[length];
        this.weights = new float[length];
        append(Vocabulary.BOS, 0);
    }

    boolean full() {
        return size == ids.length;
    }

    void append(String token, double weight) {
        if (!full()) {
            ids[size] = vocabulary.id(token);
            weights[size] = (float) weight;
            size++;
        }
    }

    void text(List<String> words) {
        words.forEach(word -> append(word, textWeight));
    }

    /** Adds a demonstration in the format of prompts: {@code Sentence: … Label: w <eos>}. */
    void demonstration(List<String> sentence, String label) {
        append(Vocabulary.SENTENCE, textWeight);
        text(sentence);
        append(Vocabulary.LABEL, textWeight);
        append(label, 1);
        append(Vocabulary.EOS, textWeight);
    }

    Document build() {
        if (!full()) {
            throw new IllegalStateException("a document of " + size + " tokens where " + ids.length + " are due");
        }
        return new Document(ids, weights);
    }
}
