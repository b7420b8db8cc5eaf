package org.dualform.data.synthetic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A vocabulary of whole words: the words of the lexicon, two prompt words and three special tokens, each of them one
 * token.
 */
public final class Vocabulary {
    public static final String BOS = "<bos>";
    public static final String EOS = "<eos>";
    public static final String UNKNOWN = "<unk>";
    public static final String SENTENCE = "Sentence:";
    public static final String LABEL = "Label:";

    private final List<String> tokens;
    private final Map<String, Integer> ids = new LinkedHashMap<>();

    public Vocabulary(Lexicon lexicon) {
        List<String> all = new ArrayList<>(List.of(BOS, EOS, UNKNOWN, SENTENCE, LABEL));
        all.addAll(lexicon.words());
        for (String token : all) {
            if (ids.putIfAbsent(token, ids.size()) != null) {
                throw new IllegalArgumentException("the word \"" + token + "\" is twice in the lexicon");
            }
        }
        this.tokens = List.copyOf(all);
    }

    public int size() {
        return tokens.size();
    }

    /** The tokens in the order of their ids. */
    public List<String> tokens() {
        return tokens;
    }

    /** The id of a word. The word must be in the vocabulary. */
    public int id(String word) {
        Integer id = ids.get(word);
        if (id == null) {
            throw new IllegalArgumentException("\"" + word + "\" is not in the vocabulary");
        }
        return id;
    }

    public int bos() {
        return id(BOS);
    }

    public int eos() {
        return id(EOS);
    }
}
