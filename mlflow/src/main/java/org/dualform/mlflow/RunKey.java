package org.dualform.mlflow;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What makes a run the same run after a retry: (study, cell, run kind). Kept in the tag {@code dualform.run_key}.
 *
 * @param study the Airflow run, or whatever names one study
 * @param cell the cell's id; empty for the summary
 * @param kind {@code summary}, {@code icl}, {@code ft}, {@code comparison}
 */
public record RunKey(String study, String cell, String kind) {
    public RunKey {
        if (study.isEmpty() || kind.isEmpty()) {
            throw new IllegalArgumentException("A run key needs a study and a kind: " + study + ", " + kind);
        }
    }

    /** The tag's value: the three parts, encoded, joined by slashes. Safe between quotes in a filter. */
    public String value() {
        return encode(study) + "/" + encode(cell) + "/" + encode(kind);
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8);
    }
}
