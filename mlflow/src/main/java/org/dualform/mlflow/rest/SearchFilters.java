package org.dualform.mlflow.rest;

import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.Tags;

/** Filters in MLflow's search language. All but {@link #every} leave out runs that a later one replaced. */
public final class SearchFilters {
    private static final String COUNTS = "tags.`" + Tags.SUPERSEDED + "` IS NULL";

    private SearchFilters() {}

    /** All runs of a study, with those that a later run replaced. */
    public static String every(String study) {
        return "tags." + Tags.STUDY + equalTo(study);
    }

    /** All runs of a study. */
    public static String study(String study) {
        return every(study) + " AND " + COUNTS;
    }

    /** The runs of a study that are of this kind, as in {@code curve}. */
    public static String kind(String study, String kind) {
        return "tags." + Tags.STUDY + equalTo(study) + " AND tags." + Tags.KIND + equalTo(kind) + " AND " + COUNTS;
    }

    /** The run of this key. */
    public static String key(RunKey key) {
        return "tags.`" + Tags.RUN_KEY + "`" + equalTo(key.value()) + " AND " + COUNTS;
    }

    /** The runs of the cell of this key, and perhaps others whose keys look alike. */
    public static String cell(RunKey key) {
        String value = key.value();
        String start = value.substring(0, value.lastIndexOf('/') + 1);
        return "tags.`" + Tags.RUN_KEY + "` LIKE '" + start + "%' AND " + COUNTS;
    }

    /** The language has two kinds of quotes and no escape. A value with both is matched by a wildcard. */
    private static String equalTo(String value) {
        if (!value.contains("'")) {
            return " = '" + value + "'";
        }
        if (!value.contains("\"")) {
            return " = \"" + value + "\"";
        }
        return " LIKE '" + value.replace('\'', '_') + "'";
    }
}
