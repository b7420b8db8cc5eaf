package org.dualform.model.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dualform.contract.UserException;
import org.dualform.model.gguf.MiniGguf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateFileTest {
    @TempDir
    Path folder;

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private String rendered() {
        return ChatTemplate.of(folder).render(List.of(ChatMessage.user("hello")), true);
    }

    @Test
    void fileIsTakenBeforeTheConfig() throws IOException {
        config("{\"chat_template\": \"config\", \"bos_token\": {\"content\": \"<b>\"}, \"eos_token\": null}");
        assertThat(rendered()).isEqualTo("config");
        Files.writeString(
                folder.resolve("chat_template.jinja"), "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}\n");
        assertThat(rendered()).isEqualTo("<b>hello");
    }

    @Test
    void defaultIsTakenOfSeveral() throws IOException {
        config("{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"tools\"},"
                + " {\"name\": \"default\", \"template\": \"plain\"}]}");
        assertThat(rendered()).isEqualTo("plain");
    }

    @Test
    void missingTemplatesAreSaid() throws IOException {
        assertThatThrownBy(this::rendered)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has no chat template")
                .hasMessageContaining("Set chat to off");
        config("{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"tools\"}]}");
        assertThatThrownBy(this::rendered)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("a list without a template named default; it has: tool_use");
        config("{");
        assertThatThrownBy(this::rendered).isInstanceOf(UserException.class).hasMessageContaining("is not JSON");
    }

    /** Special tokens are there by their ids, and are told by the names that a folder's config gives them. */
    @Test
    void aGgufFileHasItsTemplateInTheMetadata() throws IOException {
        Path file = MiniGguf.writer()
                .put("tokenizer.chat_template", "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}")
                .write(folder.resolve("chat.gguf"));
        ChatTemplate template = ChatTemplate.of(file);
        assertThat(template.render(List.of(ChatMessage.user("hello")), true)).isEqualTo("<bos>hello<eos>");
        String config = "{\"chat_template\": \"{{ bos_token }}{{ messages[0].content }}{{ eos_token }}\","
                + " \"bos_token\": \"<bos>\", \"eos_token\": \"<eos>\"}";
        config(config);
        assertThat(template.sha256()).isEqualTo(ChatTemplate.of(folder).sha256());
    }

    @Test
    void aGgufFileWithoutATemplateIsRefused() throws IOException {
        Path none = MiniGguf.writer().write(folder.resolve("none.gguf"));
        assertThatThrownBy(() -> ChatTemplate.of(none))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("none.gguf has no chat template: its metadata have no tokenizer.chat_template")
                .hasMessageContaining("Set chat to off");
    }

    @Test
    void hashCoversTemplateAndSpecialTokens() throws IOException {
        config("{\"chat_template\": \"a\", \"bos_token\": \"<b>\"}");
        String first = ChatTemplate.of(folder).sha256();
        config("{\"chat_template\": \"a\", \"bos_token\": \"<c>\"}");
        assertThat(ChatTemplate.of(folder).sha256()).isNotEqualTo(first);
        config("{\"chat_template\": \"b\", \"bos_token\": \"<b>\"}");
        assertThat(ChatTemplate.of(folder).sha256()).isNotEqualTo(first);
    }
}
