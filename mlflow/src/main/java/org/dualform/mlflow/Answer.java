package org.dualform.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.UserException;

/**
 * What the server said, once it is certain that it was MLflow that spoke and that trying again changes nothing.
 *
 * @param call method and path, for messages
 * @param code MLflow's {@code error_code}; empty on success or where the answer is not MLflow's
 * @param text the body on success, else the message
 */
record Answer(String call, int status, String code, String text) {
    static Answer of(String call, int status, String body) {
        if (status < 400) {
            return new Answer(call, status, "", body);
        }
        try {
            JsonNode node = Json.MAPPER.readTree(body);
            if (node != null && node.hasNonNull("error_code")) {
                return new Answer(
                        call,
                        status,
                        node.get("error_code").asText(),
                        node.path("message").asText());
            }
        } catch (JsonProcessingException e) {
            // A proxy's page, or plain text: told as it is.
        }
        return new Answer(call, status, "", firstLine(body));
    }

    boolean ok() {
        return status < 400;
    }

    boolean is(String errorCode) {
        return code.equals(errorCode);
    }

    /** True for a write to a run that somebody has deleted. */
    boolean runDeleted() {
        return (is("INVALID_PARAMETER_VALUE") && text.contains("Current state is deleted"))
                || (is("RESOURCE_DOES_NOT_EXIST") && text.contains("Run with id"));
    }

    boolean paramChanged() {
        return is("INVALID_PARAMETER_VALUE") && text.contains("Changing param values");
    }

    Answer orThrow() {
        if (!ok()) {
            throw failure();
        }
        return this;
    }

    DualformException failure() {
        if (status == 404 && code.isEmpty()) {
            return UserException.config("No MLflow server answers " + call + " (404"
                    + (text.isEmpty() ? "" : ": " + text) + "). Check MLFLOW_TRACKING_URI.");
        }
        return new PermanentException(
                "MLflow refused " + call + ": " + (code.isEmpty() ? Integer.toString(status) : code) + ". " + text,
                null);
    }

    static String firstLine(String body) {
        String line = body.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
        return line.length() > 300 ? line.substring(0, 300) + "…" : line;
    }
}
