package org.dualform.mlflow.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.dualform.contract.DualformException;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.contract.UserException;

/**
 * A reply that another try would not change: a success, or a refusal for good.
 *
 * @param call method and path, for messages
 * @param status the HTTP status
 * @param code MLflow's {@code error_code}; empty on success, or if the reply is not MLflow's
 * @param text the body on success, else the message
 */
public record MlflowReply(String call, int status, String code, String text) {
    private static final int LONGEST_LINE = 300;

    static MlflowReply of(String call, int status, String body) {
        if (status < 400) {
            return new MlflowReply(call, status, "", body);
        }
        try {
            JsonNode node = Json.mapper().readTree(body);
            if (node != null && node.hasNonNull("error_code")) {
                return new MlflowReply(
                        call,
                        status,
                        node.get("error_code").asText(),
                        node.path("message").asText());
            }
        } catch (JsonProcessingException e) {
            // A proxy's page, or plain text: its first line is the message.
        }
        return new MlflowReply(call, status, "", firstLine(body));
    }

    public boolean ok() {
        return status < 400;
    }

    public boolean is(String errorCode) {
        return code.equals(errorCode);
    }

    /** Whether the call wrote to a run that somebody has deleted. MLflow has no code for this; its message tells. */
    public boolean runDeleted() {
        return (is("INVALID_PARAMETER_VALUE") && text.contains("Current state is deleted"))
                || (is("RESOURCE_DOES_NOT_EXIST") && text.contains("Run with id"));
    }

    /** Whether a param was sent that has another value on the server. MLflow has no code for this; its message tells. */
    public boolean paramChanged() {
        return is("INVALID_PARAMETER_VALUE") && text.contains("Changing param values");
    }

    /**
     * This reply, if it is a success.
     *
     * @throws DualformException as {@link #failure} makes it
     */
    public MlflowReply orThrow() {
        if (!ok()) {
            throw failure();
        }
        return this;
    }

    /** As {@link #orThrow}, but a run that has been deleted is fine, too. */
    public void orThrowUnlessDeleted() {
        if (!runDeleted()) {
            orThrow();
        }
    }

    /** A {@link UserException} if no MLflow is there, else a {@link PermanentException}: the server refuses the content. */
    public DualformException failure() {
        if (status == 404 && code.isEmpty()) {
            return UserException.config("No MLflow server answers " + call + " (404"
                    + (text.isEmpty() ? "" : ": " + text) + "). Check MLFLOW_TRACKING_URI.");
        }
        return new PermanentException(
                "MLflow refused " + call + ": " + (code.isEmpty() ? Integer.toString(status) : code) + ". "
                        + firstLine(text),
                null);
    }

    /** The text of a page or a body on one line, without its markup, cut after {@value #LONGEST_LINE} characters. */
    public static String firstLine(String body) {
        String line = body.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
        return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line;
    }
}
