package org.dualform.mlflow.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualform.mlflow.rest.LogBatch;
import org.dualform.mlflow.rest.MlflowApi;
import org.dualform.mlflow.value.Tags;
import org.mlflow.api.proto.Service;

/** Copies what one run holds to another. MLflow's messages are copied as they are, so that no key changes on the way. */
final class RunCopy {
    private final MlflowApi api;

    RunCopy(MlflowApi api) {
        this.api = api;
    }

    /** Copies the params, tags and data sets that {@code to} lacks. */
    void carryOver(String from, String to) {
        Service.Run source = api.run(from);
        Service.RunData target = api.run(to).getData();
        List<Service.DatasetInput> datasets = source.getInputs().getDatasetInputsList();
        if (!datasets.isEmpty()) {
            api.logInputs(to, datasets).orThrow();
        }
        Set<String> params =
                target.getParamsList().stream().map(Service.Param::getKey).collect(Collectors.toSet());
        Set<String> tags =
                target.getTagsList().stream().map(Service.RunTag::getKey).collect(Collectors.toSet());
        tags.add(Tags.SUPERSEDED);
        log(
                to,
                List.of(),
                source.getData().getParamsList().stream()
                        .filter(param -> !params.contains(param.getKey()))
                        .toList(),
                source.getData().getTagsList().stream()
                        .filter(tag -> !tags.contains(tag.getKey()))
                        .toList());
    }

    /** Copies every point of each metric of which {@code to} has no point. */
    void carryMetrics(String from, String to) {
        Set<String> there = api.run(to).getData().getMetricsList().stream()
                .map(Service.Metric::getKey)
                .collect(Collectors.toSet());
        List<Service.Metric> points = new ArrayList<>();
        for (Service.Metric last : api.run(from).getData().getMetricsList()) {
            if (!there.contains(last.getKey())) {
                points.addAll(api.history(from, last.getKey()));
            }
        }
        log(to, points, List.of(), List.of());
    }

    private void log(String id, List<Service.Metric> metrics, List<Service.Param> params, List<Service.RunTag> tags) {
        LogBatch.split(metrics, params, tags)
                .forEach(batch -> api.logBatch(id, batch).orThrow());
    }
}
