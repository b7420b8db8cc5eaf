package org.dualform.mlflow.rest;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.mlflow.value.KeyCodec;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.mlflow.api.proto.Service;

/**
 * Turns values into MLflow's messages, and messages into values. This is the one place where names become keys on their
 * way to the server, and keys become names on their way back ({@link KeyCodec}).
 */
public final class RunMessages {
    private static final String CONTEXT = "mlflow.data.context";
    private static final String RUN_NAME = "mlflow.runName";

    private RunMessages() {}

    /** The key of a metric, as a call names it. */
    public static String key(String name) {
        return KeyCodec.encode(name);
    }

    /** @param timestamp milliseconds since 1970 */
    public static List<Service.Metric> metrics(List<MetricPoint> points, long timestamp) {
        return points.stream()
                .map(point -> Service.Metric.newBuilder()
                        .setKey(key(point.key()))
                        .setValue(point.value())
                        .setTimestamp(timestamp)
                        .setStep(point.step())
                        .build())
                .toList();
    }

    public static List<Service.Param> params(Map<String, String> params) {
        return params.entrySet().stream()
                .map(param -> Service.Param.newBuilder()
                        .setKey(key(param.getKey()))
                        .setValue(param.getValue())
                        .build())
                .toList();
    }

    public static List<Service.RunTag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag -> Service.RunTag.newBuilder()
                        .setKey(key(tag.getKey()))
                        .setValue(tag.getValue())
                        .build())
                .toList();
    }

    public static Service.DatasetInput dataset(DatasetUse use) {
        Service.Dataset.Builder dataset = Service.Dataset.newBuilder()
                .setName(use.name())
                .setDigest(use.digest())
                .setSourceType(use.sourceType())
                .setSource(use.source());
        if (use.schema() != null) {
            dataset.setSchema(use.schema());
        }
        if (use.profile() != null) {
            dataset.setProfile(use.profile());
        }
        return Service.DatasetInput.newBuilder()
                .addTags(Service.InputTag.newBuilder().setKey(CONTEXT).setValue(use.context()))
                .setDataset(dataset)
                .build();
    }

    public static MetricPoint point(Service.Metric metric) {
        return new MetricPoint(KeyCodec.decode(metric.getKey()), metric.getValue(), metric.getStep());
    }

    public static Map<String, String> namedParams(List<Service.Param> messages) {
        Map<String, String> params = new TreeMap<>();
        messages.forEach(param -> params.put(KeyCodec.decode(param.getKey()), param.getValue()));
        return params;
    }

    public static Map<String, String> namedTags(List<Service.RunTag> messages) {
        Map<String, String> tags = new TreeMap<>();
        messages.forEach(tag -> tags.put(KeyCodec.decode(tag.getKey()), tag.getValue()));
        return tags;
    }

    public static RunView view(Service.Run run) {
        Map<String, MetricPoint> metrics = new TreeMap<>();
        for (Service.Metric metric : run.getData().getMetricsList()) {
            MetricPoint point = point(metric);
            metrics.put(point.key(), point);
        }
        Map<String, String> tags = namedTags(run.getData().getTagsList());
        Service.RunInfo info = run.getInfo();
        return new RunView(
                info.getRunId(),
                info.getExperimentId(),
                tags.getOrDefault(RUN_NAME, ""),
                RunStatus.valueOf(info.getStatus().name()),
                info.getStartTime(),
                info.getLifecycleStage().equals("deleted"),
                info.getArtifactUri(),
                namedParams(run.getData().getParamsList()),
                tags,
                metrics);
    }
}
