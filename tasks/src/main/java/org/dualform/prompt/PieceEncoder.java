package org.dualform.prompt;

/** What assembling prompts needs of a tokenizer. */
public interface PieceEncoder {
    /** Token ids of one piece of text, without special tokens; nothing around it changes them. */
    int[] encode(String piece);

    /** Whether the tokenizer's normalizer puts a space before every piece by itself, as Llama's does. */
    boolean prependsSpace();

    /** The token that begins every sequence. */
    int bos();

    /** The token that ends every demonstration. */
    int eos();

    /** Number of tokens the model has embeddings for: an id from there on belongs to another tokenizer. */
    int vocabularySize();
}
