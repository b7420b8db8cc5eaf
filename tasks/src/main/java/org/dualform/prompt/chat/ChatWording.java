package org.dualform.prompt.chat;

import java.util.Arrays;
import java.util.List;
import org.dualform.contract.UserException;
import org.dualform.model.chat.ChatTemplate;
import org.dualform.prompt.PieceEncoder;
import org.dualform.prompt.TokenIds;
import org.dualform.prompt.Wording;
import org.dualform.spec.choice.ChatDemonstrations;
import org.jspecify.annotations.Nullable;

/**
 * Prompts as conversations. The text of a whole conversation is encoded at once, as transformers does it, since a token
 * may reach over the edge of two parts ("[INST] The" ends with the token " The"). A part is cut off at the last token
 * that is the same whatever follows.
 */
public final class ChatWording implements Wording {
    /** Texts that may follow, of every kind that tokenizers treat apart. */
    private static final List<String> FOLLOWING = List.of("a", "The", "7", "(", "\u4e2d");

    private final PieceEncoder encoder;
    private final ChatLayout layout;
    private final List<String> words;
    private final TokenIds opening;
    private final List<TokenIds> wordIds;

    /** Tokens at the end of a query that belong to the label words, since these begin with white space. */
    private final int overlap;

    /**
     * @param description the task description; null for none
     * @param words the label words
     * @throws UserException if the template raises, or a prompt would not be the beginning of a longer one
     */
    public ChatWording(
            PieceEncoder encoder,
            ChatTemplate template,
            ChatDemonstrations form,
            @Nullable String description,
            List<String> words) {
        this.encoder = encoder;
        this.layout = ChatLayout.of(template, form, description);
        this.words = words.stream().map(String::strip).toList();
        this.opening = cut(layout.opening());
        if (opening.length() == 0)
            throw UserException.data("chat: a prompt has to begin with a token of its own, but the chat template ("
                    + template.place() + ") puts nothing before the user's text. Set chat to off for the plain text.");
        String asked = layout.opening() + layout.asked(FOLLOWING.get(0));
        TokenIds base = ids(asked);
        List<TokenIds> answered = this.words.stream()
                .map(word -> ids(asked + layout.lead() + word))
                .toList();
        int common = answered.stream().mapToInt(ids -> common(base, ids)).min().orElse(base.length());
        this.overlap = base.length() - common;
        this.wordIds = answered.stream().map(ids -> from(ids, common)).toList();
    }

    @Override
    public TokenIds opening() {
        return opening;
    }

    @Override
    public int eos() {
        return encoder.eos();
    }

    @Override
    public List<TokenIds> words() {
        return wordIds;
    }

    @Override
    public List<String> warnings() {
        return layout.warnings();
    }

    @Override
    public TokenIds query(String text) {
        TokenIds ids = afterOpening(ids(layout.opening() + layout.asked(text.strip())), text);
        return ids.cut(ids.length() - overlap);
    }

    @Override
    public Shown demonstration(String text, int word) {
        String input = text.strip();
        TokenIds context = afterOpening(cut(layout.opening() + layout.demonstration(input, words.get(word))), text);
        TokenIds shown = ids(layout.opening() + layout.shown(input, words.get(word)));
        TokenIds whole = opening.then(context);
        if (common(shown, whole) < shown.length())
            throw broken("the last token of the label word '" + words.get(word) + "' is another where a text follows");
        boolean turns = layout.form() == ChatDemonstrations.TURNS;
        TokenIds tuning = turns ? shown : opening.then(query(text)).then(wordIds.get(word));
        if (!endsWith(tuning, wordIds.get(word)))
            throw broken("the label word '" + words.get(word)
                    + "' has other tokens as a demonstration's answer than as the answer that is asked for");
        return new Shown(context, whole.length() - shown.length(), tuning);
    }

    /**
     * Renders and encodes whole conversations: the first query behind each number of demonstrations, and every query
     * without one and behind the last. Whatever stands between two of them is then the same for all.
     */
    @Override
    public void prove(List<Example> demonstrations, List<Integer> counts, List<Query> queries) {
        if (queries.isEmpty()) return;
        for (int count : counts) prove(demonstrations.subList(0, count), queries.get(0));
        int all = demonstrations.size();
        List<Example> last = demonstrations.subList(Math.max(0, all - 1), all);
        for (Query query : queries) {
            prove(List.of(), query);
            if (!last.isEmpty()) prove(last, query);
        }
    }

    private void prove(List<Example> demonstrations, Query query) {
        StringBuilder text = new StringBuilder(layout.opening());
        TokenIds tokens = opening;
        for (Example shown : demonstrations) {
            text.append(layout.demonstration(shown.text().strip(), words.get(shown.word())));
            tokens = tokens.then(shown.tokens().context());
        }
        String where = query.place()
                + (demonstrations.isEmpty()
                        ? ""
                        : " behind "
                                + demonstrations.get(demonstrations.size() - 1).place());
        String asked = text + layout.asked(query.text().strip());
        String rendered = layout.rendered(
                demonstrations.stream().map(shown -> shown.text().strip()).toList(),
                demonstrations.stream().map(shown -> words.get(shown.word())).toList(),
                query.text().strip());
        // Where the template has no generation prompt, the beginning of the answer is added to its text.
        if (!asked.startsWith(rendered) || !layout.asking().endsWith(asked.substring(rendered.length())))
            throw broken("the conversation of " + where + " is rendered otherwise than its parts");
        TokenIds answered = ids(asked + layout.lead() + words.get(0));
        if (!answered.equals(tokens.then(query.tokens()).then(wordIds.get(0))))
            throw broken("the conversation of " + where + " has other tokens than its parts");
    }

    private UserException broken(String how) {
        return ChatLayout.broken(layout.template().place(), layout.form(), how);
    }

    private TokenIds afterOpening(TokenIds ids, String text) {
        if (common(ids, opening) < opening.length())
            throw broken("the text before the first message has other tokens in front of "
                    + ChatLayout.shown(text.substring(0, Math.min(40, text.length()))));
        return from(ids, opening.length());
    }

    /** The tokens of a text that are the same whatever follows it. */
    private TokenIds cut(String text) {
        TokenIds own = ids(text);
        int same = own.length();
        for (String following : FOLLOWING) same = Math.min(same, common(own, ids(text + following)));
        return own.cut(same);
    }

    private TokenIds ids(String text) {
        int[] ids = encoder.encode(text);
        for (int id : ids) {
            if (id < 0 || id >= encoder.vocabularySize())
                throw UserException.data("The tokenizer gives the id " + id + " where the model knows "
                        + encoder.vocabularySize() + " tokens: tokenizer.json is not this model's.");
        }
        return TokenIds.of(ids);
    }

    /** The number of tokens that two sequences begin with alike. */
    private static int common(TokenIds one, TokenIds other) {
        int different = Arrays.mismatch(one.toArray(), other.toArray());
        return different < 0 ? one.length() : different;
    }

    private static boolean endsWith(TokenIds ids, TokenIds end) {
        return ids.length() >= end.length()
                && from(ids, ids.length() - end.length()).equals(end);
    }

    private static TokenIds from(TokenIds ids, int begin) {
        return TokenIds.of(Arrays.copyOfRange(ids.toArray(), begin, ids.length()));
    }
}
