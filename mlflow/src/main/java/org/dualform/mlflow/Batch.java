package org.dualform.mlflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What goes in one {@code runs/log-batch}: at most {@value #MAX_METRICS} metrics, {@value #MAX_PARAMS} params,
 * {@value #MAX_TAGS} tags, {@value #MAX_TOGETHER} of them together, and under a megabyte of JSON.
 */
record Batch(List<MetricPoint> metrics, Map<String, String> params, Map<String, String> tags) {
    static final int MAX_METRICS = 1000;
    static final int MAX_PARAMS = 100;
    static final int MAX_TAGS = 100;
    static final int MAX_TOGETHER = 1000;
    /** Characters of JSON, generously estimated; the server's limit is 1e6. */
    static final int MAX_SIZE = 800_000;

    private static final int METRIC_FRAME = 100;
    private static final int PAIR_FRAME = 30;

    /** Everything, in order (params, tags, metrics), in as few batches as the limits allow. */
    static List<Batch> split(List<MetricPoint> metrics, Map<String, String> params, Map<String, String> tags) {
        List<Batch> batches = new ArrayList<>();
        Filling filling = new Filling(batches);
        params.forEach((key, value) ->
                filling.room(0, 1, 0, pairSize(key, value)).params.put(key, value));
        tags.forEach(
                (key, value) -> filling.room(0, 0, 1, pairSize(key, value)).tags.put(key, value));
        for (MetricPoint point : metrics) {
            filling.room(1, 0, 0, METRIC_FRAME + point.key().length()).metrics.add(point);
        }
        return batches;
    }

    /** Estimated length of this batch's JSON. */
    int size() {
        int size = 0;
        for (MetricPoint point : metrics) {
            size += METRIC_FRAME + point.key().length();
        }
        for (Map<String, String> pairs : List.of(params, tags)) {
            for (Map.Entry<String, String> pair : pairs.entrySet()) {
                size += pairSize(pair.getKey(), pair.getValue());
            }
        }
        return size;
    }

    private static int pairSize(String key, String value) {
        int size = PAIR_FRAME + key.length();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // Escaped as \\uXXXX at worst; quotes, backslashes and line ends take two.
            size += c < 0x20 || c > 0x7e || c == '<' || c == '>' || c == '&' || c == '=' || c == '\''
                    ? 6
                    : c == '"' || c == '\\' ? 2 : 1;
        }
        return size;
    }

    /** The batch at the end of a growing list. */
    private static final class Filling {
        private final List<Batch> batches;
        private int size;

        Filling(List<Batch> batches) {
            this.batches = batches;
        }

        Batch room(int metrics, int params, int tags, int more) {
            Batch last = batches.isEmpty() ? null : batches.get(batches.size() - 1);
            if (last == null
                    || last.metrics.size() + metrics > MAX_METRICS
                    || last.params.size() + params > MAX_PARAMS
                    || last.tags.size() + tags > MAX_TAGS
                    || last.metrics.size() + last.params.size() + last.tags.size() + 1 > MAX_TOGETHER
                    || size + more > MAX_SIZE) {
                last = new Batch(new ArrayList<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
                batches.add(last);
                size = 0;
            }
            size += more;
            return last;
        }
    }
}
