package org.dualform.mlflow.rest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowHttp;
import org.dualform.mlflow.http.MlflowReply;
import org.dualform.mlflow.value.RunStatus;
import org.mlflow.api.proto.Service;

/**
 * The part of MLflow's REST API that Dualform uses. The messages are those of MLflow's Java client; {@link MlflowHttp}
 * sends them. Each method is one call with its retries.
 */
public final class MlflowApi {
    private static final String ROOT = "api/2.0/mlflow/";
    private static final int PAGE = 1000;
    /** More than any list that Dualform reads has. */
    private static final int MOST_ITEMS = 200_000;

    private final MlflowHttp http;

    public MlflowApi(MlflowHttp http) {
        this.http = http;
    }

    public MlflowHttp http() {
        return http;
    }

    /** @return the server's version, as in {@code 3.17.2} */
    public String version() {
        MlflowReply reply = http.get("version", Map.of());
        if (!reply.ok() || !reply.text().strip().matches("\\d+\\.\\d+\\S*")) {
            throw UserException.config("What answers at " + http.server().base() + " is not an MLflow server. Check "
                    + "MLFLOW_TRACKING_URI.");
        }
        return reply.text().strip();
    }

    public Optional<Service.Experiment> experiment(String name) {
        MlflowReply reply = http.get(ROOT + "experiments/get-by-name", Map.of("experiment_name", name));
        if (reply.is("RESOURCE_DOES_NOT_EXIST")) {
            return Optional.empty();
        }
        return Optional.of(ProtoJson.parse(reply.orThrow(), Service.GetExperimentByName.Response.newBuilder())
                .getExperiment());
    }

    /** Makes the experiment, unless somebody has made it. Its id is to be asked for afterwards. */
    public void createExperiment(String name) {
        String body = ProtoJson.print(Service.CreateExperiment.newBuilder().setName(name));
        MlflowReply reply = http.post(ROOT + "experiments/create", body, true);
        if (!reply.is("RESOURCE_ALREADY_EXISTS")) {
            reply.orThrow();
        }
    }

    public void tagExperiment(String id, String key, String value) {
        String body = ProtoJson.print(Service.SetExperimentTag.newBuilder()
                .setExperimentId(id)
                .setKey(RunMessages.key(key))
                .setValue(value));
        http.post(ROOT + "experiments/set-experiment-tag", body, true).orThrow();
    }

    /** Not repeated if it is unknown whether the server heard it: the caller first looks for a run with these tags. */
    public Service.Run createRun(String experimentId, String name, long startTime, Map<String, String> tags) {
        Service.CreateRun.Builder create = Service.CreateRun.newBuilder()
                .setExperimentId(experimentId)
                .setRunName(name)
                .setStartTime(startTime)
                .addAllTags(RunMessages.tags(tags));
        MlflowReply reply =
                http.post(ROOT + "runs/create", ProtoJson.print(create), false).orThrow();
        return ProtoJson.parse(reply, Service.CreateRun.Response.newBuilder()).getRun();
    }

    public Service.Run run(String id) {
        MlflowReply reply = http.get(ROOT + "runs/get", Map.of("run_id", id)).orThrow();
        return ProtoJson.parse(reply, Service.GetRun.Response.newBuilder()).getRun();
    }

    /** All runs that pass the filter, oldest first. */
    public List<Service.Run> search(String experimentId, String filter) {
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
            MlflowReply reply = http.post(ROOT + "runs/search", ProtoJson.print(search), true)
                    .orThrow();
            Service.SearchRuns.Response found = ProtoJson.parse(reply, Service.SearchRuns.Response.newBuilder())
                    .build();
            runs.addAll(found.getRunsList());
            page = next(found.getNextPageToken(), page, runs.size());
        } while (!page.isEmpty());
        return runs;
    }

    /** The token of the next page, unless the pages have no end. */
    private String next(String token, String last, int items) {
        if (!token.isEmpty() && (token.equals(last) || items >= MOST_ITEMS)) {
            throw new TransientException(
                    "MLflow at " + http.server().base() + " gives a list that does not end.", null);
        }
        return token;
    }

    public MlflowReply updateRun(String id, RunStatus status, long endTime) {
        Service.UpdateRun.Builder update =
                Service.UpdateRun.newBuilder().setRunId(id).setStatus(Service.RunStatus.valueOf(status.name()));
        if (status.ended()) {
            update.setEndTime(endTime);
        }
        return http.post(ROOT + "runs/update", ProtoJson.print(update), true);
    }

    /** Deletes a run; nothing happens if it has been deleted. */
    public void deleteRun(String id) {
        String body = ProtoJson.print(Service.DeleteRun.newBuilder().setRunId(id));
        http.post(ROOT + "runs/delete", body, true).orThrowUnlessDeleted();
    }

    /** Deletes a tag; nothing happens if the run has none of this name. */
    public void deleteTag(String id, String name) {
        String body =
                ProtoJson.print(Service.DeleteTag.newBuilder().setRunId(id).setKey(RunMessages.key(name)));
        MlflowReply reply = http.post(ROOT + "runs/delete-tag", body, true);
        if (!reply.is("RESOURCE_DOES_NOT_EXIST")) {
            reply.orThrowUnlessDeleted();
        }
    }

    public MlflowReply logBatch(String id, LogBatch batch) {
        Service.LogBatch.Builder log = Service.LogBatch.newBuilder()
                .setRunId(id)
                .addAllMetrics(batch.metrics())
                .addAllParams(batch.params())
                .addAllTags(batch.tags());
        return http.post(ROOT + "runs/log-batch", ProtoJson.print(log), true);
    }

    /** @return every point of the metric with this key, as {@link RunMessages#key} makes it */
    public List<Service.Metric> history(String id, String key) {
        MlflowReply reply = http.get(ROOT + "metrics/get-history", Map.of("run_id", id, "metric_key", key))
                .orThrow();
        return ProtoJson.parse(reply, Service.GetMetricHistory.Response.newBuilder())
                .getMetricsList();
    }

    public MlflowReply logInputs(String id, List<Service.DatasetInput> datasets) {
        Service.LogInputs.Builder log =
                Service.LogInputs.newBuilder().setRunId(id).addAllDatasets(datasets);
        return http.post(ROOT + "runs/log-inputs", ProtoJson.print(log), true);
    }

    public List<Service.FileInfo> listArtifacts(String id, String folder) {
        List<Service.FileInfo> files = new ArrayList<>();
        Map<String, String> query = new HashMap<>(Map.of("run_id", id));
        if (!folder.isEmpty()) {
            query.put("path", folder);
        }
        String page;
        do {
            MlflowReply reply = http.get(ROOT + "artifacts/list", query).orThrow();
            Service.ListArtifacts.Response found = ProtoJson.parse(reply, Service.ListArtifacts.Response.newBuilder())
                    .build();
            files.addAll(found.getFilesList());
            page = next(found.getNextPageToken(), query.getOrDefault("page_token", ""), files.size());
            query.put("page_token", page);
        } while (!page.isEmpty());
        return files;
    }
}
