package org.dualform.prompt.chat;

import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.UserException;
import org.dualform.model.chat.ChatMessage;
import org.dualform.model.chat.ChatTemplate;
import org.dualform.spec.choice.ChatDemonstrations;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template puts around the texts of a conversation, found by rendering conversations of marker words. It
 * has to be the same around every text, wherever that stands: then a prompt is {@code opening}, the demonstrations, the
 * query and {@code asking}, and a shorter prompt's context is the beginning of a longer one's.
 *
 * @param system the turns before the first of the user: the description's, or none
 * @param description the description at the beginning of the first message, where the template has no system turn for
 *     it; else empty
 * @param opening the text before the first input
 * @param answer the text between a demonstration's input and its word
 * @param next the text between a demonstration's word and the next input
 * @param asking the text after the query: the beginning of the assistant's answer
 * @param lead white space between {@code asking} and the answer
 * @param warnings what readers of the results have to know
 */
record ChatLayout(
        ChatTemplate template,
        ChatDemonstrations form,
        List<ChatMessage> system,
        String description,
        String opening,
        String answer,
        String next,
        String asking,
        String lead,
        List<String> warnings) {
    private static final String FIRST = "Qfirst";
    private static final String SECOND = "Qsecond";
    private static final String LAST = "Qlast";
    private static final String WORD = "Wone";
    private static final String OTHER = "Wtwo";

    /** What stands between two demonstrations in one message. */
    private static final String BLANK_LINE = "\n\n";

    private static final String WAYS_OUT = " Set chat to off for the plain text, or chat_demonstrations to ";

    /**
     * @param description the task description; null for none
     * @throws UserException if the template raises, or what it puts around a text is not the same everywhere
     */
    static ChatLayout of(ChatTemplate template, ChatDemonstrations form, @Nullable String description) {
        List<String> warnings = new ArrayList<>();
        if (template.asksForTheDate())
            warnings.add("The chat template prints the date: it always gets 26 July 2024, so that prompts are the same"
                    + " on every day.");
        boolean turn = description == null || hasSystemTurn(template, description);
        if (!turn)
            warnings.add("The chat template has no system turn: the task description stands at the beginning of the"
                    + " first message.");
        List<ChatMessage> system =
                description != null && turn ? List.of(ChatMessage.system(description.strip())) : List.of();
        String before = description != null && !turn ? description.strip() + BLANK_LINE : "";

        String alone = rendered(template, system, List.of(before + FIRST), true);
        int at = alone.indexOf(FIRST);
        if (at < 0 || at != alone.lastIndexOf(FIRST))
            throw broken(template, form, "it shows a user's message " + (at < 0 ? "nowhere" : "more than once"));
        if (!alone.substring(0, at).endsWith(before))
            throw broken(template, form, "it changes the beginning of a message");
        if (description != null && !alone.contains(description.strip()))
            throw broken(template, form, "it leaves out the task description");
        Found found =
                new Found(template, form, system, before, alone.substring(0, at), alone.substring(at + FIRST.length()));
        return found.layout(warnings);
    }

    private static boolean hasSystemTurn(ChatTemplate template, String description) {
        try {
            return template.render(List.of(ChatMessage.system(description.strip()), ChatMessage.user(FIRST)), true)
                    .contains(description.strip());
        } catch (UserException e) {
            // A template that raises at any conversation is told of when the one without this turn is rendered.
            return false;
        }
    }

    /** What is known once the query alone was rendered. */
    private record Found(
            ChatTemplate template,
            ChatDemonstrations form,
            List<ChatMessage> system,
            String before,
            String opening,
            String asking) {

        ChatLayout layout(List<String> warnings) {
            boolean turns = form == ChatDemonstrations.TURNS;
            String answered = turns
                    ? rendered(template, system, List.of(before + FIRST, WORD, SECOND), true)
                    : rendered(template, system, List.of(before + FIRST, WORD), false);
            String first = opening + FIRST;
            int word = answered.startsWith(first) ? answered.indexOf(WORD, first.length()) : -1;
            if (word < 0)
                throw broken(
                        template,
                        form,
                        "what stands before and around the first message is not the same when an answer follows it");
            String answer = answered.substring(first.length(), word);
            String next = turns ? between(answered, word + WORD.length()) : BLANK_LINE;
            if (turns) requireTheSameAround(answer, next);
            String lead = "";
            String begun = asking;
            if (answer.startsWith(asking)) {
                String more = answer.substring(asking.length());
                if (more.isBlank()) lead = more;
                else if (!asksToAnswer()) {
                    begun = answer;
                    warnings.add("The chat template has no generation prompt: the query ends with the beginning of an"
                            + " answer as the template writes one.");
                } else warnings.add(otherwise(answer));
            } else warnings.add(otherwise(answer));
            return new ChatLayout(
                    template, form, system, before, opening, answer, next, begun, lead, List.copyOf(warnings));
        }

        private String otherwise(String answer) {
            return "The chat template begins the answer that is asked for otherwise (" + shown(asking)
                    + ") than a given one (" + shown(answer) + "); the label words are scored after the former.";
        }

        /** Whether the text depends on the request for an answer. */
        private boolean asksToAnswer() {
            return !rendered(template, system, List.of(before + FIRST), true)
                    .equals(rendered(template, system, List.of(before + FIRST), false));
        }

        /** The text between the word and the query. */
        private String between(String answered, int from) {
            if (!answered.endsWith(SECOND + asking) || answered.length() - SECOND.length() - asking.length() < from)
                throw broken(template, form, "the query ends otherwise behind a demonstration");
            return answered.substring(from, answered.length() - SECOND.length() - asking.length());
        }

        private void requireTheSameAround(String answer, String next) {
            String twice = rendered(template, system, List.of(before + FIRST, WORD, SECOND, OTHER, LAST), true);
            String expected = opening + FIRST + answer + WORD + next + SECOND + answer + OTHER + next + LAST + asking;
            if (!twice.equals(expected))
                throw broken(
                        template, form, "two demonstrations are not rendered as the first is, followed by another");
        }
    }

    /** The text of a demonstration in the context, from its input to what stands before the next one. */
    String demonstration(String input, String word) {
        return shown(input, word) + next;
    }

    /** The same up to the label word. */
    String shown(String input, String word) {
        return form == ChatDemonstrations.TURNS ? input + answer + word : input + " " + word;
    }

    /** A query or a demonstration to train on: a user's turn and the beginning of the answer. */
    String asked(String input) {
        return input + asking;
    }

    /** What the template makes of demonstrations, as pairs of input and word, and a query. */
    String rendered(List<String> inputs, List<String> words, String query) {
        List<String> messages = new ArrayList<>();
        if (form == ChatDemonstrations.TURNS) {
            for (int i = 0; i < inputs.size(); i++) {
                messages.add(inputs.get(i));
                messages.add(words.get(i));
            }
            messages.add(query);
        } else {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < inputs.size(); i++) all.append(demonstration(inputs.get(i), words.get(i)));
            messages.add(all + query);
        }
        messages.set(0, description + messages.get(0));
        return rendered(template, system, messages, true);
    }

    /** @param messages of user and assistant in turn */
    private static String rendered(
            ChatTemplate template, List<ChatMessage> system, List<String> messages, boolean answering) {
        List<ChatMessage> conversation = new ArrayList<>(system);
        for (int i = 0; i < messages.size(); i++)
            conversation.add(i % 2 == 0 ? ChatMessage.user(messages.get(i)) : ChatMessage.assistant(messages.get(i)));
        return template.render(conversation, answering);
    }

    private static UserException broken(ChatTemplate template, ChatDemonstrations form, String how) {
        return broken(template.place(), form, how);
    }

    /** The law that prompts share their beginning, and how it is broken. */
    static UserException broken(String place, ChatDemonstrations form, String how) {
        String other =
                form == ChatDemonstrations.TURNS ? ChatDemonstrations.MESSAGE.id() : ChatDemonstrations.TURNS.id();
        return UserException.data("chat: a prompt with fewer demonstrations has to be the beginning of one with more,"
                + " but under the chat template (" + place + ") " + how + "." + WAYS_OUT + other + ".");
    }

    static String shown(String text) {
        return "'" + text.replace("\n", "\\n") + "'";
    }
}
