package org.dualform.mlflow.value;

import org.jspecify.annotations.Nullable;

/**
 * A data set that a run used, as MLflow shows it on the page of the run.
 *
 * @param digest 1 to 36 characters, for example the first 32 of a SHA-256
 * @param sourceType {@code local}, {@code generated}, {@code hub}
 * @param source JSON, as in {@code {"uri": "…"}}
 * @param schema JSON or null
 * @param profile JSON or null, as in {@code {"num_rows": 200}}
 * @param context what it was used for: {@code demonstrations}, {@code evaluation}
 */
public record DatasetUse(
        String name,
        String digest,
        String sourceType,
        String source,
        @Nullable String schema,
        @Nullable String profile,
        String context) {
    public DatasetUse {
        if (name.isEmpty() || name.length() > 500) {
            throw new IllegalArgumentException("A data set's name has 1 to 500 characters: " + name);
        }
        if (digest.isEmpty() || digest.length() > 36) {
            throw new IllegalArgumentException("A data set's digest has 1 to 36 characters: " + digest);
        }
    }
}
