package org.dualform.prompt;

import org.dualform.contract.UserException;

/** Encodes pieces one by one, so that the ids of a prefix never depend on what follows. */
final class Pieces {
    private final PieceEncoder encoder;

    Pieces(PieceEncoder encoder) {
        this.encoder = encoder;
    }

    /** A text: its lines without the empty ones, every line but the last ended by EOS (paper's code, spec 1.4). */
    TokenIds text(String text) {
        TokenIds ids = TokenIds.of();
        for (String line : text.split("\n", -1)) {
            if (line.isEmpty()) continue;
            if (ids.length() > 0) ids = ids.then(encoder.eos());
            ids = ids.then(checked(line));
        }
        return ids;
    }

    /** A label word: preceded by one space, which some tokenizers add by themselves. */
    TokenIds word(String word) {
        return text(encoder.prependsSpace() ? word : " " + word);
    }

    TokenIds bos() {
        return TokenIds.of(encoder.bos());
    }

    int eos() {
        return encoder.eos();
    }

    private TokenIds checked(String line) {
        int[] ids = encoder.encode(line);
        for (int id : ids) {
            if (id < 0 || id >= encoder.vocabularySize())
                throw UserException.data("The tokenizer gives the id " + id + " where the model knows "
                        + encoder.vocabularySize() + " tokens: tokenizer.json is not this model's.");
        }
        return TokenIds.of(ids);
    }
}
