package org.dualform.pretrain.tokens;

import java.io.IOException;
import java.nio.file.Path;
import org.dualform.data.synthetic.corpus.Document;

/**
 * The documents of a pretraining. A document depends on the recipe, its number, the progress and its length alone, so a
 * training that is resumed sees the same ones.
 */
public interface TokenSource {
    /** The number of token ids. */
    int vocabulary();

    /** The id of the token that begins a text. */
    int bos();

    /** The id of the token that ends a text. */
    int eos();

    /**
     * A document to train on.
     *
     * @param index its number in the whole training
     * @param progress the share of the training that is done, 0 to 1
     * @param length the number of its tokens
     */
    Document document(long index, double progress, int length);

    /**
     * A document that is never trained on.
     *
     * @param index its number, from 0
     * @param of how many there are
     */
    Document heldOut(int index, int of, int length);

    /** Writes the tokenizer's files into a model's folder. */
    void writeTokenizer(Path folder, int positions) throws IOException;
}
