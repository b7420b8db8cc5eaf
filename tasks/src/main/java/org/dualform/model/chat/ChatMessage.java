package org.dualform.model.chat;

import java.util.Map;

/** One turn of a conversation. */
public record ChatMessage(String role, String content) {
    public static ChatMessage system(String content) {
        return new ChatMessage("system", content);
    }

    public static ChatMessage user(String content) {
        return new ChatMessage("user", content);
    }

    public static ChatMessage assistant(String content) {
        return new ChatMessage("assistant", content);
    }

    /** What templates see. */
    Map<String, Object> toMap() {
        return Map.of("role", role, "content", content);
    }
}
