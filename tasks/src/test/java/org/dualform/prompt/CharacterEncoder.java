package org.dualform.prompt;

/** Encodes each character as one id: its code point plus three, so that the ids of BOS and EOS are free. */
final class CharacterEncoder implements PieceEncoder {
    static final int BOS = 1;
    static final int EOS = 2;
    private static final int FIRST = 3;
    private final int vocabularySize;

    CharacterEncoder(int vocabularySize) {
        this.vocabularySize = vocabularySize;
    }

    static CharacterEncoder ofAllCharacters() {
        return new CharacterEncoder(70_000);
    }

    /** The ids of a text of one line. */
    static TokenIds ids(String text) {
        return TokenIds.of(ofAllCharacters().encode(text));
    }

    @Override
    public int[] encode(String piece) {
        return piece.chars().map(c -> c + FIRST).toArray();
    }

    @Override
    public boolean prependsSpace() {
        return false;
    }

    @Override
    public int bos() {
        return BOS;
    }

    @Override
    public int eos() {
        return EOS;
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }
}
