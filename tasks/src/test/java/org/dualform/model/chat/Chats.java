package org.dualform.model.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The chat templates beside this class, and what transformers makes of them; chat.py there writes it. */
public final class Chats {
    private Chats() {}

    public static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(Chats.class.getResource("golden.json"))
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(folder().resolve(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ChatTemplate template(String name) {
        try {
            return new ChatTemplate(
                    name,
                    Files.readString(folder().resolve("templates").resolve(name + ".jinja")),
                    Map.of("bos_token", "<s>", "eos_token", "</s>"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path tokenizer(String name) {
        return folder().resolve("tokenizers").resolve(name);
    }

    static List<ChatMessage> conversation(JsonNode messages) {
        List<ChatMessage> conversation = new ArrayList<>();
        messages.forEach(m -> conversation.add(
                new ChatMessage(m.get("role").asText(), m.get("content").asText())));
        return conversation;
    }

    static int[] ids(JsonNode ids) {
        int[] all = new int[ids.size()];
        for (int i = 0; i < all.length; i++) all[i] = ids.get(i).asInt();
        return all;
    }
}
