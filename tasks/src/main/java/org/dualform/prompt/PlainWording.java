package org.dualform.prompt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The prompts of Dai et al. 2022 (arXiv:2212.10559): BOS and a description if there is one, then each demonstration and
 * its label word, followed by EOS. Pieces are encoded one by one, so that a prefix never depends on what follows it.
 */
final class PlainWording implements Wording {
    private final Pieces pieces;
    private final TokenIds opening;
    private final List<TokenIds> words;

    PlainWording(PieceEncoder encoder, @Nullable String description, List<String> words) {
        this.pieces = new Pieces(encoder);
        this.opening = description == null
                ? pieces.bos()
                : pieces.bos().then(pieces.text(description)).then(pieces.eos());
        this.words = words.stream().map(pieces::word).toList();
    }

    @Override
    public TokenIds opening() {
        return opening;
    }

    @Override
    public int eos() {
        return pieces.eos();
    }

    @Override
    public List<TokenIds> words() {
        return words;
    }

    @Override
    public TokenIds query(String text) {
        return pieces.text(text);
    }

    @Override
    public Shown demonstration(String text, int word) {
        TokenIds ids = pieces.text(text).then(words.get(word));
        return new Shown(ids.then(pieces.eos()), 1, opening.then(ids));
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public void prove(List<Example> demonstrations, List<Integer> counts, List<Query> queries) {
        // Prompts are defined as these pieces, one behind the other.
    }
}
