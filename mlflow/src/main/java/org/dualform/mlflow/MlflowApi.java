package org.dualform.mlflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.UserException;
import org.mlflow.api.proto.Service;

/**
 * MLflow's REST API, as far as Dualform uses it: messages by MLflow's Java client, sent by {@link MlflowHttp}. Each
 * method is one call and its retries.
 */
final class MlflowApi {
    private static final String ROOT = "api/2.0/mlflow/";
    private static final int PAGE = 1000;

    private final MlflowHttp http;

    MlflowApi(MlflowHttp http) {
        this.http = http;
    }

    MlflowHttp http() {
        return http;
    }

    /** @return the server's version, as in {@code 3.17.2} */
    String version() {
        Answer answer = http.get("version", Map.of());
        if (!answer.ok() || !answer.text().strip().matches("\\d+\\.\\d+\\S*")) {
            throw UserException.config("What answers at " + http.server().base() + " is not an MLflow server. Check "
                    + "MLFLOW_TRACKING_URI.");
        }
        return answer.text().strip();
    }

    Optional<Service.Experiment> experiment(String name) {
        Answer answer = http.get(ROOT + "experiments/get-by-name", Map.of("experiment_name", name));
        if (answer.is("RESOURCE_DOES_NOT_EXIST")) {
            return Optional.empty();
        }
        return Optional.of(Wire.parse(answer.orThrow(), Service.GetExperimentByName.Response.newBuilder())
                .getExperiment());
    }

    /** Makes the experiment unless somebody has; the id is asked for afterwards, whoever made it. */
    void createExperiment(String name) {
        String body = Wire.print(Service.CreateExperiment.newBuilder().setName(name));
        Answer answer = http.post(ROOT + "experiments/create", body, true);
        if (!answer.is("RESOURCE_ALREADY_EXISTS")) {
            answer.orThrow();
        }
    }

    void tagExperiment(String id, String key, String value) {
        String body = Wire.print(Service.SetExperimentTag.newBuilder()
                .setExperimentId(id)
                .setKey(key)
                .setValue(value));
        http.post(ROOT + "experiments/set-experiment-tag", body, true).orThrow();
    }

    /** Not repeated where it is unknown whether the server heard it: the caller looks by its tags first. */
    Service.Run createRun(String experimentId, String name, long startTime, Map<String, String> tags) {
        Service.CreateRun.Builder create = Service.CreateRun.newBuilder()
                .setExperimentId(experimentId)
                .setRunName(name)
                .setStartTime(startTime);
        tags.forEach((key, value) -> create.addTags(tag(key, value)));
        Answer answer =
                http.post(ROOT + "runs/create", Wire.print(create), false).orThrow();
        return Wire.parse(answer, Service.CreateRun.Response.newBuilder()).getRun();
    }

    Service.Run run(String id) {
        Answer answer = http.get(ROOT + "runs/get", Map.of("run_id", id)).orThrow();
        return Wire.parse(answer, Service.GetRun.Response.newBuilder()).getRun();
    }

    /** All runs that pass the filter, oldest first, those of one start time by id. */
    List<Service.Run> search(String experimentId, String filter) {
        List<Service.Run> runs = new ArrayList<>();
        String page = "";
        do {
            Service.SearchRuns.Builder search = Service.SearchRuns.newBuilder()
                    .addExperimentIds(experimentId)
                    .setFilter(filter)
                    .setRunViewType(Service.ViewType.ACTIVE_ONLY)
                    .setMaxResults(PAGE)
                    .addOrderBy("attributes.start_time ASC");
            if (!page.isEmpty()) {
                search.setPageToken(page);
            }
            Answer answer =
                    http.post(ROOT + "runs/search", Wire.print(search), true).orThrow();
            Service.SearchRuns.Response found =
                    Wire.parse(answer, Service.SearchRuns.Response.newBuilder()).build();
            runs.addAll(found.getRunsList());
            page = found.getNextPageToken();
        } while (!page.isEmpty());
        return runs;
    }

    Answer updateRun(String id, RunStatus status, long endTime) {
        Service.UpdateRun.Builder update =
                Service.UpdateRun.newBuilder().setRunId(id).setStatus(Service.RunStatus.valueOf(status.name()));
        if (status.ended()) {
            update.setEndTime(endTime);
        }
        return http.post(ROOT + "runs/update", Wire.print(update), true);
    }

    /** Deleting twice is as once. */
    void deleteRun(String id) {
        Answer answer = http.post(
                ROOT + "runs/delete", Wire.print(Service.DeleteRun.newBuilder().setRunId(id)), true);
        if (!answer.runDeleted()) {
            answer.orThrow();
        }
    }

    Answer logBatch(String id, Batch batch, long timestamp) {
        Service.LogBatch.Builder log = Service.LogBatch.newBuilder().setRunId(id);
        for (MetricPoint point : batch.metrics()) {
            log.addMetrics(Service.Metric.newBuilder()
                    .setKey(point.key())
                    .setValue(point.value())
                    .setTimestamp(timestamp)
                    .setStep(point.step()));
        }
        batch.params()
                .forEach((key, value) ->
                        log.addParams(Service.Param.newBuilder().setKey(key).setValue(value)));
        batch.tags().forEach((key, value) -> log.addTags(tag(key, value)));
        return http.post(ROOT + "runs/log-batch", Wire.print(log), true);
    }

    /** Every point of one metric. */
    List<Service.Metric> history(String id, String metric) {
        Answer answer = http.get(ROOT + "metrics/get-history", Map.of("run_id", id, "metric_key", metric))
                .orThrow();
        return Wire.parse(answer, Service.GetMetricHistory.Response.newBuilder())
                .getMetricsList();
    }

    Answer logInputs(String id, List<Service.DatasetInput> datasets) {
        Service.LogInputs.Builder log =
                Service.LogInputs.newBuilder().setRunId(id).addAllDatasets(datasets);
        return http.post(ROOT + "runs/log-inputs", Wire.print(log), true);
    }

    List<Service.FileInfo> listArtifacts(String id, String folder) {
        List<Service.FileInfo> files = new ArrayList<>();
        Map<String, String> query = new HashMap<>(Map.of("run_id", id));
        if (!folder.isEmpty()) {
            query.put("path", folder);
        }
        String page;
        do {
            Answer answer = http.get(ROOT + "artifacts/list", query).orThrow();
            Service.ListArtifacts.Response found = Wire.parse(answer, Service.ListArtifacts.Response.newBuilder())
                    .build();
            files.addAll(found.getFilesList());
            page = found.getNextPageToken();
            query.put("page_token", page);
        } while (!page.isEmpty());
        return files;
    }

    private static Service.RunTag tag(String key, String value) {
        return Service.RunTag.newBuilder().setKey(key).setValue(value).build();
    }
}
