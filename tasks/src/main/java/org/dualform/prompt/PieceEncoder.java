package org.dualform.prompt;

/** What is needed of a tokenizer to assemble prompts. */
public interface PieceEncoder {
    /**
     * The token ids of one piece of text, without special tokens. They do not depend on what stands around the piece.
     */
    int[] encode(String piece);

    /** Whether the tokenizer's normalizer puts a space before every piece, as Llama's does. */
    boolean prependsSpace();

    /** The token that begins every sequence. */
    int bos();

    /** The token that ends every demonstration. */
    int eos();

    /** The number of tokens that the model has embeddings for. A larger id belongs to another tokenizer. */
    int vocabularySize();
}
