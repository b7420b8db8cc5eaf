package org.dualform.data.synthetic.corpus;

import org.dualform.base.SplitMix64;
import org.dualform.data.synthetic.CorpusMix;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.Vocabulary;

/**
 * Writes the corpus, document by document. A document depends on the seed, its index, the progress and its length
 * alone, so that a training that is resumed sees the same corpus.
 */
public final class Corpus {
    private final Vocabulary vocabulary;
    private final CorpusMix mix;
    private final long seed;
    private final PatternDocuments patterns;
    private final TextDocuments texts;
    private final EpisodeDocuments episodes;

    public Corpus(Lexicon lexicon, Vocabulary vocabulary, CorpusMix mix, long seed) {
        this.vocabulary = vocabulary;
        this.mix = mix;
        this.seed = seed;
        this.patterns = new PatternDocuments(lexicon);
        this.texts = new TextDocuments(lexicon);
        this.episodes = new EpisodeDocuments(lexicon, mix);
    }

    /**
     * @param index the document's number in the whole training
     * @param progress the share of the training that is done, 0 to 1
     * @param length the number of tokens, the first included
     */
    public Document document(long index, double progress, int length) {
        SplitMix64 random = SplitMix64.stream(seed, index);
        DocumentBuilder document = new DocumentBuilder(vocabulary, length, mix.textWeight());
        if (random.nextDouble() < mix.copying().at(progress)) {
            patterns.copying(document, random);
        } else if (random.nextDouble() < mix.binding().at(progress)) {
            patterns.binding(document, random);
        } else if (random.nextDouble() < mix.text()) {
            texts.fill(document, random);
        } else {
            episodes.fill(document, random, progress);
        }
        return document.build();
    }
}
