package org.dualform.data.synthetic.corpus;

import java.util.List;
import java.util.stream.Stream;
import org.dualform.base.SplitMix64;
import org.dualform.data.synthetic.Attribute;
import org.dualform.data.synthetic.Lexicon;

/** Writes ordinary text: short statements about the words, in which label words occur like any other. */
final class TextDocuments {
    private final Lexicon lexicon;
    private final List<String> nouns;
    private final List<String> things;
    private final List<String> adjectives;

    TextDocuments(Lexicon lexicon) {
        this.lexicon = lexicon;
        this.nouns = lexicon.nouns();
        this.things = Stream.concat(lexicon.labels().stream(), lexicon.heldOutLabels().stream())
                .toList();
        this.adjectives =
                lexicon.sentiment().values().stream().flatMap(List::stream).toList();
    }

    void fill(DocumentBuilder document, SplitMix64 random) {
        while (!document.full()) {
            document.text(statement(random));
        }
    }

    private List<String> statement(SplitMix64 random) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> {
                Attribute topic = lexicon.attribute("topic");
                String category = random.pick(topic.categories());
                yield List.of("the", random.pick(topic.words(category)), "is", "a", "kind", "of", category, ".");
            }
            case 2 -> {
                Attribute attribute = lexicon.attribute(random.nextInt(2) == 0 ? "sentiment" : "time");
                String category = random.pick(attribute.categories());
                yield List.of(random.pick(attribute.words(category)), "is", "a", category, "word", ".");
            }
            case 3 ->
                List.of(
                        "the",
                        random.pick(things),
                        "and",
                        "the",
                        random.pick(things),
                        "are",
                        "with",
                        "my",
                        random.pick(nouns),
                        ".");
            case 4 -> List.of("my", random.pick(things), "was", random.pick(adjectives), ".");
            default ->
                List.of(
                        "a",
                        random.pick(things),
                        ",",
                        "not",
                        "a",
                        random.pick(things),
                        ",",
                        "in",
                        "the",
                        random.pick(nouns),
                        ".");
        };
    }
}
