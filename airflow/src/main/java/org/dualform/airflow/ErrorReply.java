package org.dualform.airflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an error answer. Airflow's {@code detail} is a string, an array (422: one object per wrong field)
 * or an object (409: reason, statement, …); a proxy or a crash answers with something that is not JSON at all.
 */
final class ErrorReply {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 600;

    private ErrorReply() {}

    /** One or more sentences for people, never empty. */
    static String text(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return "no explanation given";
        }
        JsonNode detail;
        try {
            JsonNode root = JSON.readTree(body);
            detail = root.isObject() && root.has("detail") ? root.get("detail") : root;
        } catch (JsonProcessingException notJson) {
            return cut(plain(body));
        }
        return cut(describe(detail));
    }

    private static String describe(JsonNode detail) {
        if (detail.isTextual()) {
            return detail.asText();
        }
        if (detail.isArray()) {
            List<String> fields = new ArrayList<>();
            detail.forEach(item -> fields.add(field(item)));
            return String.join("; ", fields);
        }
        // A violated uniqueness comes with the SQL statement; the reason alone is for people.
        JsonNode reason = detail.has("reason") ? detail.get("reason") : detail.path("message");
        JsonNode cause = detail.path("orig_error");
        if (reason.isTextual()) {
            return cause.isTextual() ? reason.asText() + ": " + cause.asText() : reason.asText();
        }
        return detail.toString();
    }

    private static String field(JsonNode item) {
        if (!item.has("msg")) {
            return item.isTextual() ? item.asText() : item.toString();
        }
        List<String> location = new ArrayList<>();
        item.path("loc").forEach(part -> location.add(part.asText()));
        location.remove("body");
        String name = String.join(".", location);
        return name.isEmpty()
                ? item.path("msg").asText()
                : name + ": " + item.path("msg").asText();
    }

    /** Markup is dropped: what is left of an error page is its title. */
    private static String plain(String body) {
        return body.replaceAll("(?s)<(script|style).*?</\\1>", " ")
                .replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ")
                .trim();
    }

    private static String cut(String text) {
        if (text.isBlank()) {
            return "no explanation given";
        }
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
