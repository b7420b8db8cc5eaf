package org.dualform.prompt.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dualform.contract.UserException;
import org.dualform.data.LabelledRow;
import org.dualform.model.chat.ChatMessage;
import org.dualform.model.chat.ChatTemplate;
import org.dualform.model.chat.Chats;
import org.dualform.model.tokenizer.TextTokenizer;
import org.dualform.prompt.PieceEncoder;
import org.dualform.prompt.PromptAssembler;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.Template;
import org.dualform.prompt.TokenIds;
import org.dualform.spec.choice.ChatDemonstrations;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A conversation cut behind a demonstration is the beginning of the longer one, under templates of all kinds. */
class ChatWordingTest {
    private static final String DESCRIPTION = "Say whether the sentence is about food or about animals.";
    private static final Template TEMPLATE = new Template(
            "topics",
            1,
            List.of("text"),
            "Sentence: {text}\nTopic:",
            Map.of("food", "food", "animal", "animal"),
            null,
            DESCRIPTION);
    private static final List<String> LABELS = List.of("food", "animal");
    private static final List<String> TEXTS = List.of(
            "The soup is hot.", "A horse {{ ran }} 10 miles, \"fast\"!", "7 crêpes and 'honey' 🍯", "cats  and dogs\n");

    private static List<LabelledRow> rows(String split, List<String> texts) {
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new LabelledRow(split + ":" + i, Map.of("text", texts.get(i)), i % 2, "line " + (i + 1)))
                .toList();
    }

    private static PieceEncoder encoder(TextTokenizer tokenizer) {
        return new PieceEncoder() {
            @Override
            public int[] encode(String piece) {
                return tokenizer.encode(piece);
            }

            @Override
            public boolean prependsSpace() {
                return tokenizer.prependsSpace();
            }

            @Override
            public int bos() {
                return tokenizer.bos();
            }

            @Override
            public int eos() {
                return tokenizer.eos();
            }

            @Override
            public int vocabularySize() {
                return tokenizer.vocabularySize();
            }
        };
    }

    static PromptSet prompts(
            TextTokenizer tokenizer,
            ChatTemplate chat,
            ChatDemonstrations form,
            boolean described,
            List<String> shown,
            List<String> asked) {
        ChatWording wording = new ChatWording(
                encoder(tokenizer), chat, form, described ? DESCRIPTION : null, TEMPLATE.wordsOf(LABELS));
        List<Integer> shots = IntStream.rangeClosed(0, shown.size()).boxed().toList();
        return new PromptAssembler(wording, TEMPLATE, LABELS, described)
                .assemble(rows("train", shown), 0, rows("test", asked), shots, 10_000, 0);
    }

    private static String input(String text) {
        return ("Sentence: " + text + "\nTopic:").strip();
    }

    /** The conversation as a person would write it down. */
    private static List<ChatMessage> conversation(
            ChatDemonstrations form, @Nullable String system, String before, List<String> shown, String query) {
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) messages.add(ChatMessage.system(system));
        StringBuilder one = new StringBuilder(before);
        for (int i = 0; i < shown.size(); i++) {
            if (form == ChatDemonstrations.TURNS) {
                messages.add(ChatMessage.user((i == 0 ? before : "") + input(shown.get(i))));
                messages.add(ChatMessage.assistant(LABELS.get(i % 2)));
            } else
                one.append(input(shown.get(i)))
                        .append(' ')
                        .append(LABELS.get(i % 2))
                        .append("\n\n");
        }
        boolean alone = form == ChatDemonstrations.MESSAGE || shown.isEmpty();
        messages.add(ChatMessage.user((alone ? one : "") + input(query)));
        return messages;
    }

    static void requireWhole(
            TextTokenizer tokenizer,
            ChatTemplate chat,
            ChatDemonstrations form,
            PromptSet prompts,
            @Nullable String system,
            String before,
            List<String> shown,
            List<String> asked) {
        for (int k = 0; k <= shown.size(); k++) {
            TokenIds context = prompts.context().cut(prompts.boundaries().get(k));
            for (int q = 0; q < asked.size(); q++) {
                String whole = chat.render(conversation(form, system, before, shown.subList(0, k), asked.get(q)), true);
                assertThat(context.then(prompts.queries().get(q).ids()))
                        .as("%d demonstrations, query %d", k, q)
                        .isEqualTo(TokenIds.of(tokenizer.encode(whole)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "chatml, bytes, true",
        "chatml_default_system, bytes, true",
        "headers, bytes, true",
        "thinking, bytes, true",
        "generation_tag, bytes, true",
        "macros, bytes, true",
        "no_system_role, plain, false",
        "system_in_first_turn, plain, true",
        "inst_with_sys, prefixed, true",
        "role_tokens, prefixed, true",
        "continues, prefixed, true",
        "drops_system, bytes, false",
    })
    void everyPromptIsTheWholeConversationsTokens(String name, String kind, boolean systemTurn) {
        ChatTemplate chat = Chats.template(name);
        try (TextTokenizer tokenizer = TextTokenizer.open(Chats.tokenizer(kind))) {
            for (ChatDemonstrations form : ChatDemonstrations.values()) {
                // "[INST] The" has other tokens than "\n\nThe": see the test of the broken law.
                boolean spaced = name.equals("inst_with_sys");
                if (name.equals("role_tokens") && form == ChatDemonstrations.MESSAGE) continue;
                if (!spaced || form == ChatDemonstrations.TURNS) {
                    PromptSet plain = prompts(tokenizer, chat, form, false, TEXTS, TEXTS);
                    requireWhole(tokenizer, chat, form, plain, null, "", TEXTS, TEXTS);
                }
                if (spaced && form == ChatDemonstrations.TURNS) continue;
                PromptSet described = prompts(tokenizer, chat, form, true, TEXTS, TEXTS);
                String system = systemTurn ? DESCRIPTION : null;
                requireWhole(
                        tokenizer, chat, form, described, system, systemTurn ? "" : DESCRIPTION + "\n\n", TEXTS, TEXTS);
                assertThat(described.warnings().stream().anyMatch(w -> w.contains("no system turn")))
                        .isEqualTo(!systemTurn);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ChatDemonstrations.class)
    void tuningRowIsOneTurnWithItsAnswer(ChatDemonstrations form) {
        ChatTemplate chat = Chats.template("chatml");
        try (TextTokenizer tokenizer = TextTokenizer.open(Chats.tokenizer("bytes"))) {
            PromptSet prompts = prompts(tokenizer, chat, form, true, TEXTS, TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                PromptSet.Demonstration demonstration = prompts.demonstrations().get(i);
                String text = chat.render(conversation(form, DESCRIPTION, "", List.of(), TEXTS.get(i)), true)
                        + LABELS.get(i % 2);
                assertThat(demonstration.tuning()).isEqualTo(TokenIds.of(tokenizer.encode(text)));
                assertThat(tokenizer.decode(Arrays.copyOf(demonstration.tuning().toArray(), demonstration.lossFrom())))
                        .endsWith("<|im_start|>user\n");
                TokenIds word = prompts.labels().get(i % 2).ids();
                int end = prompts.endColumn(i);
                String shown =
                        tokenizer.decode(Arrays.copyOfRange(prompts.context().toArray(), prompts.firstColumn(i), end));
                assertThat(shown)
                        .isEqualTo(
                                form == ChatDemonstrations.TURNS
                                        ? input(TEXTS.get(i)) + "<|im_end|>\n<|im_start|>assistant\n"
                                                + LABELS.get(i % 2)
                                        : input(TEXTS.get(i)) + " " + LABELS.get(i % 2));
                assertThat(tokenizer.decode(word.toArray())).isEqualTo(LABELS.get(i % 2));
            }
            PromptSet moved = prompts.reordered(List.of(2, 0, 3, 1), 1);
            assertThat(moved.endColumn(1) - moved.firstColumn(1))
                    .isEqualTo(prompts.endColumn(0) - prompts.firstColumn(0));
            assertThat(PromptSet.fromJson(prompts.toJson())).isEqualTo(prompts);
        }
    }

    @Test
    void whitespaceBeforeAnAnswerBelongsToIt() {
        ChatTemplate chat = Chats.template("inst_with_sys");
        try (TextTokenizer tokenizer = TextTokenizer.open(Chats.tokenizer("prefixed"))) {
            PromptSet prompts = prompts(tokenizer, chat, ChatDemonstrations.TURNS, false, TEXTS, TEXTS);
            PromptSet.Label label = prompts.labels().get(0);
            String whole = "<s>[INST] " + input(TEXTS.get(0)) + " [/INST] food";
            assertThat(prompts.context(0).then(prompts.queries().get(0).ids()).then(label.ids()))
                    .isEqualTo(TokenIds.of(tokenizer.encode(whole)));
            assertThat(prompts.demonstrations().get(0).tuning()).isEqualTo(TokenIds.of(tokenizer.encode(whole)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "counts_turns, bytes, false, TURNS, what stands before and around the first message is not the same",
        "last_turn_only, bytes, false, TURNS, what stands before and around the first message is not the same",
        "inst, prefixed, true, TURNS, what stands before and around the first message is not the same",
        "inst_with_sys, prefixed, true, TURNS, has other tokens than its parts",
        "inst_with_sys, prefixed, false, MESSAGE, has other tokens than its parts",
        "role_tokens, prefixed, true, MESSAGE, has other tokens than its parts",
        "always_raises, bytes, false, TURNS, This template needs a tool",
        "always_raises, bytes, true, MESSAGE, This template needs a tool",
    })
    void brokenLawIsSaid(String name, String kind, boolean described, ChatDemonstrations form, String said) {
        try (TextTokenizer tokenizer = TextTokenizer.open(Chats.tokenizer(kind))) {
            assertThatThrownBy(
                            () -> prompts(tokenizer, Chats.template(name), form, described, TEXTS, TEXTS.subList(0, 1)))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(said)
                    .hasMessageContaining("chat template (" + name + ")");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ messages[-1].content }}{% if add_generation_prompt %}:{% endif %}",
                "<s>{% for m in messages %}{{ m.content | upper }}{% endfor %}",
                "<s>{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}",
                "<s>{% for m in messages %}{% if loop.index0 == 7 %}{% endif %}{{ m.role }}{% endfor %}",
            })
    void otherTemplatesAreRefused(String source) {
        ChatTemplate chat = new ChatTemplate("here", source, Map.of());
        try (TextTokenizer tokenizer = TextTokenizer.open(Chats.tokenizer("bytes"))) {
            for (ChatDemonstrations form : ChatDemonstrations.values())
                assertThatThrownBy(() -> prompts(tokenizer, chat, form, false, TEXTS, TEXTS))
                        .isInstanceOf(UserException.class)
                        .hasMessageStartingWith("chat: a prompt");
        }
    }

    @Test
    void otherAnswersAndMissingPromptsAreWarnings() {
        try (TextTokenizer tokenizer = TextTokenizer.open(Chats.tokenizer("bytes"))) {
            String turn = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{% endfor %}";
            ChatTemplate thinks = new ChatTemplate(
                    "here", turn + "{% if add_generation_prompt %}<|im_start|>assistant\nthink:{% endif %}", Map.of());
            assertThat(prompts(tokenizer, thinks, ChatDemonstrations.MESSAGE, false, TEXTS, TEXTS)
                            .warnings())
                    .anyMatch(w -> w.contains("begins the answer that is asked for otherwise"));
            ChatTemplate silent = new ChatTemplate("here", turn, Map.of());
            PromptSet prompts = prompts(tokenizer, silent, ChatDemonstrations.TURNS, false, TEXTS, TEXTS);
            assertThat(prompts.warnings()).anyMatch(w -> w.contains("no generation prompt"));
            assertThat(tokenizer.decode(prompts.queries().get(0).ids().toArray()))
                    .endsWith("<|im_end|><|im_start|>assistant\n");
        }
    }
}
