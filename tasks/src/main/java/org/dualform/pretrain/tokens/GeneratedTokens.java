package org.dualform.pretrain.tokens;

import java.io.IOException;
import java.nio.file.Path;
import org.dualform.data.synthetic.CorpusMix;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.TokenizerFiles;
import org.dualform.data.synthetic.Vocabulary;
import org.dualform.data.synthetic.corpus.Corpus;
import org.dualform.data.synthetic.corpus.Document;

/** The generated corpus. What is held out is written with another seed, and mixed as at the end of the training. */
public final class GeneratedTokens implements TokenSource {
    private static final long HELD_OUT = 0x68656C642D6F7574L;

    private final Vocabulary vocabulary;
    private final Corpus corpus;
    private final Corpus heldOut;

    /** @param seed the seed of the corpus; the held-out documents are the same for every seed */
    public GeneratedTokens(Lexicon lexicon, Vocabulary vocabulary, CorpusMix mix, long seed) {
        this.vocabulary = vocabulary;
        this.corpus = new Corpus(lexicon, vocabulary, mix, seed);
        this.heldOut = new Corpus(lexicon, vocabulary, mix, HELD_OUT);
    }

    @Override
    public int vocabulary() {
        return vocabulary.size();
    }

    @Override
    public int bos() {
        return vocabulary.bos();
    }

    @Override
    public int eos() {
        return vocabulary.eos();
    }

    @Override
    public Document document(long index, double progress, int length) {
        return corpus.document(index, progress, length);
    }

    @Override
    public Document heldOut(int index, int of, int length) {
        return heldOut.document(index, 1, length);
    }

    @Override
    public void writeTokenizer(Path folder, int positions) throws IOException {
        new TokenizerFiles(vocabulary).write(folder, positions);
    }
}
