package org.dualform.mlflow.value;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Identifies a run by study, cell and kind. A retry with the same key writes to the same run. MLflow keeps the key in the
 * tag {@link Tags#RUN_KEY}.
 *
 * @param study the name of the study: DAG and run id, or what the CLI calls it
 * @param cell the cell's id; empty for the summary
 * @param kind {@code summary}, {@code icl}, {@code ft}, {@code comparison}
 */
public record RunKey(String study, String cell, String kind) {
    public RunKey {
        if (study.isEmpty() || kind.isEmpty()) {
            throw new IllegalArgumentException("A run key needs a study and a kind: " + study + ", " + kind);
        }
    }

    /** The tag's value: the three parts, URL-encoded and joined by slashes. It holds no quotes, so that a filter can quote it. */
    public String value() {
        return encode(study) + "/" + encode(cell) + "/" + encode(kind);
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8);
    }
}
