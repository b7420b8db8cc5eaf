package org.dualform.prompt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How texts and label words become the tokens of prompts. */
public interface Wording {
    /** Plain text, as in Dai et al. 2022 (arXiv:2212.10559). */
    static Wording plain(PieceEncoder encoder, @Nullable String description, List<String> words) {
        return new PlainWording(encoder, description, words);
    }

    /** What every context begins with, before the first demonstration: at least one token. */
    TokenIds opening();

    /** The token that ends a text. */
    int eos();

    /** The tokens of each label word where it answers a query, in the order of the words; none is empty. */
    List<TokenIds> words();

    /** The tokens of a query: what stands between a context and a label word. */
    TokenIds query(String text);

    /** A demonstration that shows the label word of the given index. */
    Shown demonstration(String text, int word);

    /** What readers of the results have to know. */
    List<String> warnings();

    /**
     * Proves that a context, cut behind any of the demonstrations, and a query are together the tokens of the prompt that
     * has just these.
     *
     * @param demonstrations those of the context, in order
     * @param counts the numbers of demonstrations behind which it is cut
     * @throws org.dualform.contract.UserException if they are not
     */
    void prove(List<Example> demonstrations, List<Integer> counts, List<Query> queries);

    /**
     * A demonstration's tokens.
     *
     * @param context its tokens in the context, with what stands between it and what follows
     * @param ending how many of them follow the label word
     * @param tuning its fine-tuning sequence, from the opening to the label word
     */
    record Shown(TokenIds context, int ending, TokenIds tuning) {}

    /** A text with the index of the label word that it shows, and their tokens. */
    record Example(String place, String text, int word, Shown tokens) {}

    /** The text of a query and its tokens. */
    record Query(String place, String text, TokenIds tokens) {}
}
