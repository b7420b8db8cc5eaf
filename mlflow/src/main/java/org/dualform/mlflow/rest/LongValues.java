package org.dualform.mlflow.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dualform.base.Sha256;
import org.dualform.mlflow.value.KeyCodec;

/**
 * Params or tags within MLflow's limits. A value that is too long keeps its beginning and says where the whole is.
 *
 * @param values by name, what goes into MLflow
 * @param whole artifact path to full text, of the values that were too long
 */
public record LongValues(Map<String, String> values, Map<String, String> whole) {
    static final int MAX_PARAM = 6000;
    static final int MAX_TAG = 8000;
    /** Digits of the hash that a cut value shows. */
    private static final int HASH = 16;

    public static LongValues none() {
        return new LongValues(Map.of(), Map.of());
    }

    public static LongValues params(Map<String, String> params) {
        return of("params", params, MAX_PARAM);
    }

    public static LongValues tags(Map<String, String> tags) {
        return of("tags", tags, MAX_TAG);
    }

    private static LongValues of(String folder, Map<String, String> all, int max) {
        LongValues fitting = new LongValues(new LinkedHashMap<>(), new LinkedHashMap<>());
        all.forEach((name, value) -> {
            if (value.codePointCount(0, value.length()) <= max) {
                fitting.values.put(name, value);
            } else {
                String path = "long-values/" + folder + "/" + fileName(name);
                fitting.values.put(name, cut(value, max, path));
                fitting.whole.put(path, value);
            }
        });
        return fitting;
    }

    private static String fileName(String name) {
        return KeyCodec.encode(name).replaceAll("[ :/]", "_") + ".txt";
    }

    private static String cut(String value, int max, String path) {
        String hash = Sha256.hex(value).substring(0, HASH);
        String end =
                "\n… (the whole, " + value.length() + " characters, sha256 " + hash + ", is the artifact " + path + ")";
        return value.substring(0, value.offsetByCodePoints(0, max - end.length())) + end;
    }
}
