package org.dualform.mlflow;

/** MLflow's search filters. Runs that a later one replaced are left out of all of them. */
final class Filters {
    private static final String COUNTS = "tags.`" + Tags.SUPERSEDED + "` IS NULL";

    private Filters() {}

    static String study(String study) {
        return "tags." + Tags.STUDY + equalTo(study) + " AND " + COUNTS;
    }

    static String kind(String study, String kind) {
        return "tags." + Tags.STUDY + equalTo(study) + " AND tags." + Tags.KIND + equalTo(kind) + " AND " + COUNTS;
    }

    static String key(RunKey key) {
        return "tags.`" + Tags.RUN_KEY + "`" + equalTo(key.value()) + " AND " + COUNTS;
    }

    /** The filter language has two quotes and no escape; a value with both is matched with a wildcard. */
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
