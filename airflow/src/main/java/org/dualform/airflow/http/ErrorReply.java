package org.dualform.airflow.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an error answer. Airflow puts the explanation into {@code detail}: a string, an array (status 422: one
 * object for each wrong field) or an object (status 409: reason, statement, …). A proxy, or a server that crashed, may
 * answer with something other than JSON.
 */
final class ErrorReply {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 600;

    private ErrorReply() {}

    /** The explanation for people; never empty. */
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
        // A conflict comes with the SQL statement; people need the reason alone.
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

    /** The text of an error page without its markup. */
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
