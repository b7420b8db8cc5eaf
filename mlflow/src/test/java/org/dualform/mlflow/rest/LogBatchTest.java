package org.dualform.mlflow.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.dualform.mlflow.value.MetricPoint;
import org.mlflow.api.proto.Service;

/** Tests that batches keep MLflow's limits and lose nothing. */
class LogBatchTest {
    @Property(tries = 60)
    void batchesHoldEverythingInOrderWithinTheLimits(
            @ForAll @IntRange(max = 3500) int metrics,
            @ForAll @IntRange(max = 350) int params,
            @ForAll @IntRange(max = 350) int tags,
            @ForAll @IntRange(max = 8000) int length) {
        List<Service.Metric> metricList = metrics(metrics);
        List<Service.Param> paramList = RunMessages.params(pairs("p", params, "é".repeat(Math.min(length, 6000))));
        List<Service.RunTag> tagList = RunMessages.tags(pairs("t", tags, "\n".repeat(length)));
        List<LogBatch> batches = LogBatch.split(metricList, paramList, tagList);
        for (LogBatch batch : batches) {
            assertThat(batch.metrics()).hasSizeLessThanOrEqualTo(1000);
            assertThat(batch.params()).hasSizeLessThanOrEqualTo(100);
            assertThat(batch.tags()).hasSizeLessThanOrEqualTo(100);
            assertThat(batch.count()).isBetween(1, 1000);
            assertThat(jsonBytes(batch)).isLessThan(1_000_000);
        }
        assertThat(batches.stream().flatMap(batch -> batch.metrics().stream())).isEqualTo(metricList);
        assertThat(batches.stream().flatMap(batch -> batch.params().stream())).isEqualTo(paramList);
        assertThat(batches.stream().flatMap(batch -> batch.tags().stream())).isEqualTo(tagList);
    }

    /** The real length: what is sent. */
    private static int jsonBytes(LogBatch batch) {
        return ProtoJson.print(Service.LogBatch.newBuilder()
                        .setRunId("0123456789abcdef0123456789abcdef")
                        .addAllMetrics(batch.metrics())
                        .addAllParams(batch.params())
                        .addAllTags(batch.tags()))
                .getBytes(StandardCharsets.UTF_8)
                .length;
    }

    @Property
    void halvesHoldTheWhole(
            @ForAll @IntRange(max = 5) int metrics,
            @ForAll @IntRange(max = 5) int params,
            @ForAll @IntRange(min = 2, max = 5) int tags) {
        LogBatch whole = new LogBatch(
                metrics(metrics), RunMessages.params(pairs("p", params, "")), RunMessages.tags(pairs("t", tags, "")));
        List<LogBatch> halves = whole.halves();
        assertThat(halves).hasSize(2).allMatch(half -> half.count() >= 1 && half.count() < whole.count());
        assertThat(joined(halves)).isEqualTo(whole);
    }

    private static LogBatch joined(List<LogBatch> halves) {
        LogBatch joined = new LogBatch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (LogBatch half : halves) {
            joined.metrics().addAll(half.metrics());
            joined.params().addAll(half.params());
            joined.tags().addAll(half.tags());
        }
        return joined;
    }

    @Example
    void nothingMakesNoBatch() {
        assertThat(LogBatch.split(List.of(), List.of(), List.of())).isEmpty();
    }

    private static List<Service.Metric> metrics(int count) {
        List<MetricPoint> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(new MetricPoint("m" + i % 7, i, i));
        }
        return RunMessages.metrics(points, 1_700_000_000_000L);
    }

    private static Map<String, String> pairs(String key, int count, String value) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            pairs.put(key + i, value);
        }
        return pairs;
    }
}
