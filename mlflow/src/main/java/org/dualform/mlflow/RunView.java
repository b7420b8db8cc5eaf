package org.dualform.mlflow;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlflow.api.proto.Service;

/**
 * A run as the server shows it.
 *
 * @param metrics the last value of each metric: the one at the highest step
 * @param artifactUri where its artifacts lie, as the server names it
 */
public record RunView(
        String id,
        String experimentId,
        String name,
        RunStatus status,
        long startTime,
        boolean deleted,
        String artifactUri,
        Map<String, String> params,
        Map<String, String> tags,
        Map<String, MetricPoint> metrics) {
    static RunView of(Service.Run run) {
        Map<String, String> params = new TreeMap<>();
        run.getData().getParamsList().forEach(param -> params.put(param.getKey(), param.getValue()));
        Map<String, String> tags = new TreeMap<>();
        run.getData().getTagsList().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        Map<String, MetricPoint> metrics = new TreeMap<>();
        run.getData()
                .getMetricsList()
                .forEach(metric -> metrics.put(
                        metric.getKey(), new MetricPoint(metric.getKey(), metric.getValue(), metric.getStep())));
        Service.RunInfo info = run.getInfo();
        return new RunView(
                info.getRunId(),
                info.getExperimentId(),
                tags.getOrDefault("mlflow.runName", ""),
                RunStatus.valueOf(info.getStatus().name()),
                info.getStartTime(),
                info.getLifecycleStage().equals("deleted"),
                info.getArtifactUri(),
                params,
                tags,
                metrics);
    }

    public Optional<String> tag(String key) {
        return Optional.ofNullable(tags.get(key));
    }

    public boolean superseded() {
        return tags.containsKey(Tags.SUPERSEDED);
    }
}
