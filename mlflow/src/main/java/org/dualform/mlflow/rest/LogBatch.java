package org.dualform.mlflow.rest;

import java.util.ArrayList;
import java.util.List;
import org.mlflow.api.proto.Service;

/**
 * What goes into one {@code runs/log-batch}: at most {@value #MAX_METRICS} metrics, {@value #MAX_PARAMS} params and
 * {@value #MAX_TAGS} tags, {@value #MAX_TOGETHER} of them together, and less than a megabyte of JSON.
 */
public record LogBatch(List<Service.Metric> metrics, List<Service.Param> params, List<Service.RunTag> tags) {
    static final int MAX_METRICS = 1000;
    static final int MAX_PARAMS = 100;
    static final int MAX_TAGS = 100;
    static final int MAX_TOGETHER = 1000;
    /** In characters of JSON, estimated generously. The server's limit is 1e6. */
    static final int MAX_SIZE = 800_000;

    /** Everything in order (params, tags, metrics), in as few batches as the limits allow. */
    public static List<LogBatch> split(
            List<Service.Metric> metrics, List<Service.Param> params, List<Service.RunTag> tags) {
        List<LogBatch> batches = new ArrayList<>();
        Filling filling = new Filling(batches);
        params.forEach(
                param -> filling.room(0, 1, 0, BatchSize.of(param)).params.add(param));
        tags.forEach(tag -> filling.room(0, 0, 1, BatchSize.of(tag)).tags.add(tag));
        metrics.forEach(
                metric -> filling.room(1, 0, 0, BatchSize.of(metric)).metrics.add(metric));
        return batches;
    }

    /** The number of items. */
    public int count() {
        return metrics.size() + params.size() + tags.size();
    }

    /** The two halves of a batch of at least two items. */
    public List<LogBatch> halves() {
        int half = count() / 2;
        int fromParams = Math.min(half, params.size());
        int fromTags = Math.min(half - fromParams, tags.size());
        int fromMetrics = half - fromParams - fromTags;
        return List.of(
                new LogBatch(metrics.subList(0, fromMetrics), params.subList(0, fromParams), tags.subList(0, fromTags)),
                new LogBatch(
                        metrics.subList(fromMetrics, metrics.size()),
                        params.subList(fromParams, params.size()),
                        tags.subList(fromTags, tags.size())));
    }

    /** The batch at the end of a growing list. */
    private static final class Filling {
        private final List<LogBatch> batches;
        private int size;

        Filling(List<LogBatch> batches) {
            this.batches = batches;
        }

        /** The batch with room for these counts and this many more characters: the last one, or a new one. */
        LogBatch room(int metrics, int params, int tags, int more) {
            LogBatch last = batches.isEmpty() ? null : batches.get(batches.size() - 1);
            if (last == null
                    || last.metrics.size() + metrics > MAX_METRICS
                    || last.params.size() + params > MAX_PARAMS
                    || last.tags.size() + tags > MAX_TAGS
                    || last.count() + 1 > MAX_TOGETHER
                    || size + more > MAX_SIZE) {
                last = new LogBatch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
                batches.add(last);
                size = 0;
            }
            size += more;
            return last;
        }
    }
}
