package org.dualform.mlflow.rest;

import org.mlflow.api.proto.Service;

/** Estimates how many characters of JSON a message takes, never too few. */
final class BatchSize {
    private static final int METRIC_FRAME = 100;
    private static final int PAIR_FRAME = 30;
    /** An escape as in {@code \}{@code u00e9}. */
    private static final int ESCAPED = 6;

    private BatchSize() {}

    static int of(Service.Metric metric) {
        return METRIC_FRAME + metric.getKey().length();
    }

    static int of(Service.Param param) {
        return pair(param.getKey(), param.getValue());
    }

    static int of(Service.RunTag tag) {
        return pair(tag.getKey(), tag.getValue());
    }

    private static int pair(String key, String value) {
        return PAIR_FRAME + key.length() + value.chars().map(BatchSize::width).sum();
    }

    private static int width(int c) {
        if (c == '"' || c == '\\') {
            return 2;
        }
        return c < 0x20 || c > 0x7e || "<>&='".indexOf(c) >= 0 ? ESCAPED : 1;
    }
}
