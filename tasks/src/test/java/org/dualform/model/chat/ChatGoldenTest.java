package org.dualform.model.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.dualform.contract.UserException;
import org.dualform.model.tokenizer.TextTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts and token ids of conversations are those of transformers' apply_chat_template. */
class ChatGoldenTest {
    private static final JsonNode GOLDEN = Chats.json("golden.json");

    static Stream<String> templates() {
        return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
                .map(c -> c.get("template").asText())
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void textAndIdsAreThoseOfTransformers(String name) {
        ChatTemplate template = Chats.template(name);
        Map<String, TextTokenizer> tokenizers = new HashMap<>();
        for (JsonNode golden : GOLDEN.get("cases")) {
            if (!golden.get("template").asText().equals(name)) continue;
            List<ChatMessage> conversation = Chats.conversation(
                    GOLDEN.get("conversations").get(golden.get("conversation").asText()));
            boolean answering = golden.get("answering").asBoolean();
            if (golden.has("raises")) {
                assertThatThrownBy(() -> template.render(conversation, answering))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining(golden.get("raises").asText());
                continue;
            }
            String text = template.render(conversation, answering);
            assertThat(text).isEqualTo(golden.get("text").asText());
            TextTokenizer tokenizer = tokenizers.computeIfAbsent(
                    golden.get("tokenizer").asText(), kind -> TextTokenizer.open(Chats.tokenizer(kind)));
            assertThat(tokenizer.encode(text)).isEqualTo(Chats.ids(golden.get("ids")));
        }
        tokenizers.values().forEach(TextTokenizer::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"})
    void idsOfRealModelsAreThoseOfTransformers(String model) {
        String models = System.getenv("DUALFORM_REAL_MODELS");
        assumeTrue(models != null && !models.isBlank(), "DUALFORM_REAL_MODELS names no folder of real models");
        Path folder = Path.of(String.valueOf(models)).resolve(model);
        assumeTrue(Files.isDirectory(folder), "real model missing: " + folder);
        ChatTemplate template = ChatTemplate.of(folder);
        try (TextTokenizer tokenizer = TextTokenizer.open(folder)) {
            for (JsonNode golden : Chats.json("real.json")) {
                if (!golden.get("model").asText().equals(model)) continue;
                List<ChatMessage> conversation = Chats.conversation(GOLDEN.get("conversations")
                        .get(golden.get("conversation").asText()));
                String text =
                        template.render(conversation, golden.get("answering").asBoolean());
                assertThat(tokenizer.encode(text)).isEqualTo(Chats.ids(golden.get("ids")));
            }
        }
    }

    @Test
    void dateIsTheSameOnEveryDay() {
        ChatTemplate template =
                new ChatTemplate("here", "{{ strftime_now('%d %b %Y, %A %-d.%m.%y 100%% %H:%M') }}", Map.of());
        assertThat(template.asksForTheDate()).isTrue();
        assertThat(template.render(List.of(), true)).isEqualTo("26 Jul 2024, Friday 26.07.24 100% 00:00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ messages.getClass() }}",
                "{{ messages[0].content.getBytes() }}",
                "{{ ''.getClass().forName('java.lang.System') }}",
                "{{ messages[0].items().getClass() }}",
                "{% include 'org/dualform/model/chat/golden.json' %}",
            })
    void templatesReachNeitherJavaNorFiles(String template) {
        assertThatThrownBy(
                        () -> new ChatTemplate("here", template, Map.of()).render(List.of(ChatMessage.user("a")), true))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("chat: the chat template (here)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}",
                "{{ messages[::2] }}",
                "{% for m in messages %}",
                "{{ strftime_now('%Q') }}",
            })
    void whatIsNotRunHereIsSaid(String template) {
        assertThatThrownBy(
                        () -> new ChatTemplate("here", template, Map.of()).render(List.of(ChatMessage.user("a")), true))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("here");
    }
}
