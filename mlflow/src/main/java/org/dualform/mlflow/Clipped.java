package org.dualform.mlflow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Params or tags whose values MLflow will not cut: a longer one keeps its beginning and says where the whole is.
 *
 * @param values what goes into MLflow
 * @param whole artifact path to full text, of the values that were too long
 */
record Clipped(Map<String, String> values, Map<String, String> whole) {
    static final int MAX_PARAM = 6000;
    static final int MAX_TAG = 8000;

    static Clipped params(Map<String, String> params) {
        return of("params", params, MAX_PARAM);
    }

    static Clipped tags(Map<String, String> tags) {
        return of("tags", tags, MAX_TAG);
    }

    private static Clipped of(String folder, Map<String, String> all, int max) {
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, String> whole = new LinkedHashMap<>();
        all.forEach((rawKey, value) -> {
            String key = Names.clean(rawKey);
            if (value.codePointCount(0, value.length()) <= max) {
                values.put(key, value);
                return;
            }
            String path = "long-values/" + folder + "/" + key.replaceAll("[ :/]", "_") + ".txt";
            String end = "\n… (the whole, " + value.length() + " characters, sha256 "
                    + Names.sha256(value).substring(0, 16) + ", is the artifact " + path + ")";
            values.put(key, value.substring(0, value.offsetByCodePoints(0, max - end.length())) + end);
            whole.put(path, value);
        });
        return new Clipped(values, whole);
    }
}
