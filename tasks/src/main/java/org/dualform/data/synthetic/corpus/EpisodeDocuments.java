package org.dualform.data.synthetic.corpus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.base.SplitMix64;
import org.dualform.data.synthetic.Attribute;
import org.dualform.data.synthetic.CorpusMix;
import org.dualform.data.synthetic.LabelScheme;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.SentenceMaker;
import org.dualform.data.synthetic.Vocabulary;

/** Writes documents that show one classification task, demonstration after demonstration. */
final class EpisodeDocuments {
    private static final int LARGEST = 4;
    private static final int LARGEST_MINI = 6;
    private static final List<Integer> FEW = List.of(2, 3, 5);

    private final Lexicon lexicon;
    private final CorpusMix mix;
    private final LabelScheme labels;
    private final SentenceMaker sentences;

    EpisodeDocuments(Lexicon lexicon, CorpusMix mix) {
        this.lexicon = lexicon;
        this.mix = mix;
        this.labels = new LabelScheme(lexicon, mix.labels());
        this.sentences = new SentenceMaker(lexicon);
    }

    void fill(DocumentBuilder document, SplitMix64 random, double progress) {
        boolean mini = random.nextDouble() < mix.mini().at(progress);
        boolean few = random.nextDouble() < mix.fewNouns().at(progress);
        Attribute attribute = attribute(random);
        List<String> all = attribute.categories();
        int classes = random.between(2, Math.min(all.size(), mini ? LARGEST_MINI : LARGEST));
        List<String> categories = random.sample(all, classes);
        Map<String, String> label = labels.draw(random, categories);
        Map<String, List<String>> members = new LinkedHashMap<>();
        for (String category : categories) {
            List<String> words = attribute.words(category);
            members.put(category, few ? random.sample(words, random.pick(FEW)) : words);
        }
        while (!document.full()) {
            String category = random.pick(categories);
            String word = random.pick(members.getOrDefault(category, List.of()));
            List<String> sentence = mini ? List.of(word) : sentences.sentence(random, attribute.name(), word);
            document.demonstration(sentence, label.getOrDefault(category, Vocabulary.UNKNOWN));
        }
    }

    private Attribute attribute(SplitMix64 random) {
        CorpusMix.AttributeShares shares = mix.attributes();
        double draw = random.nextDouble() * (shares.topic() + shares.sentiment() + shares.time());
        if (draw < shares.topic()) {
            return lexicon.attribute("topic");
        }
        return lexicon.attribute(draw < shares.topic() + shares.sentiment() ? "sentiment" : "time");
    }
}
