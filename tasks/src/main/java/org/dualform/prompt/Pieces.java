package org.dualform.prompt;

import org.dualform.contract.UserException;

/** Encodes the pieces of a prompt one by one, so that the ids of a prefix never depend on what follows. */
final class Pieces {
    private final PieceEncoder encoder;

    Pieces(PieceEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * Encodes a text: its lines without empty ones, each but the last followed by EOS, as in the code of Dai et al.
     * 2022 (arXiv:2212.10559).
     */
    TokenIds text(String text) {
        TokenIds ids = TokenIds.of();
        for (String line : text.split("\n", -1)) {
            if (line.isEmpty()) continue;
            if (ids.length() > 0) ids = ids.then(encoder.eos());
            ids = ids.then(checked(line));
        }
        return ids;
    }

    /** Encodes a label word, with one space before it. Some tokenizers add that space by themselves. */
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
