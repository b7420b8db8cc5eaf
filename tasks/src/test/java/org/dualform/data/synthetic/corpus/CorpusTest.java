package org.dualform.data.synthetic.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.dualform.data.synthetic.CorpusMixes;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.Vocabulary;

class CorpusTest {
    private static final int LENGTH = 96;
    private final Lexicon lexicon = Lexicon.builtIn();
    private final Vocabulary vocabulary = new Vocabulary(lexicon);
    private final Corpus corpus = new Corpus(lexicon, vocabulary, CorpusMixes.ordinary(), 7);

    @Example
    void everyWordStandsOnceInTheLexicon() {
        List<String> words = lexicon.words();
        assertThat(new HashSet<>(words)).hasSize(words.size());
        assertThat(words).allSatisfy(word -> assertThat(word).doesNotContainAnyWhitespaces());
        assertThat(lexicon.heldOutLabels()).doesNotContainAnyElementsOf(lexicon.trainingLabels());
    }

    @Property(tries = 400)
    void aHeldOutWordIsNeverALabel(@ForAll @LongRange(min = 0) long index, @ForAll @DoubleRange(max = 1) double p) {
        List<String> tokens = tokens(corpus.document(index, p, LENGTH));
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.get(i - 1).equals(Vocabulary.LABEL) && isDemonstrations(tokens)) {
                assertThat(lexicon.heldOutLabels()).doesNotContain(tokens.get(i));
            }
        }
    }

    @Property(tries = 200)
    void aDocumentIsWholeAndBeginsWithBos(
            @ForAll @LongRange(min = 0) long index, @ForAll @DoubleRange(max = 1) double p) {
        Document document = corpus.document(index, p, LENGTH);
        assertThat(document.length()).isEqualTo(LENGTH);
        assertThat(document.id(0)).isEqualTo(vocabulary.bos());
        assertThat(document.weight(0)).isZero();
        for (int i = 1; i < LENGTH; i++) {
            assertThat(document.id(i)).isBetween(1, vocabulary.size() - 1).isNotEqualTo(vocabulary.bos());
            assertThat(document.weight(i)).isBetween(0f, 1f);
        }
    }

    @Property(tries = 100)
    void aDocumentDependsOnItsNumberAlone(@ForAll @LongRange(min = 0) long index) {
        Corpus again = new Corpus(Lexicon.builtIn(), vocabulary, CorpusMixes.ordinary(), 7);
        corpus.document(index + 1, 0.5, LENGTH);
        assertThat(tokens(corpus.document(index, 0.5, LENGTH))).isEqualTo(tokens(again.document(index, 0.5, LENGTH)));
    }

    @Example
    void anEpisodesLabelsAreBalanced() {
        Corpus episodes = new Corpus(lexicon, vocabulary, CorpusMixes.episodesOnly(), 11);
        Map<Integer, List<Double>> largestShare = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            Map<String, Integer> counts = labelCounts(tokens(episodes.document(i, 1, 512)));
            int all = counts.values().stream().mapToInt(n -> n).sum();
            int most = counts.values().stream().mapToInt(n -> n).max().orElseThrow();
            largestShare
                    .computeIfAbsent(counts.size(), classes -> new ArrayList<>())
                    .add((double) most / all);
        }
        // Uniform draws over 60 or so demonstrations: the most frequent class is only a little above its share.
        largestShare.forEach((classes, shares) -> assertThat(
                        shares.stream().mapToDouble(s -> s).average().orElseThrow())
                .isCloseTo(1.0 / classes, within(0.1)));
        assertThat(largestShare.keySet()).containsExactlyInAnyOrder(2, 3, 4, 5, 6);
    }

    @Example
    void everyTrainingLabelOccurs() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            seen.addAll(labelCounts(tokens(corpus.document(i, 0.6, LENGTH))).keySet());
        }
        assertThat(seen).containsAll(lexicon.trainingLabels());
    }

    private Map<String, Integer> labelCounts(List<String> tokens) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.get(i - 1).equals(Vocabulary.LABEL)) {
                counts.merge(tokens.get(i), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static boolean isDemonstrations(List<String> tokens) {
        return tokens.get(1).equals(Vocabulary.SENTENCE);
    }

    private List<String> tokens(Document document) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < document.length(); i++) {
            tokens.add(vocabulary.tokens().get(document.id(i)));
        }
        return tokens;
    }
}
