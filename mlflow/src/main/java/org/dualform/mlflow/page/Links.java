package org.dualform.mlflow.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.mlflow.rest.RunMessages;
import org.dualform.mlflow.rest.SearchFilters;

/**
 * Addresses of pages in MLflow's UI. Every value is encoded.
 *
 * <p>All of them carry {@code workflowType=machine_learning}. Without it MLflow shows the menu for generative AI, in which
 * there is no entry for runs, and whose overview of an experiment is empty. No tag of the experiment changes that.
 */
public final class Links {
    private static final String WORKFLOW = "workflowType=machine_learning";

    private final URI base;
    private final String experimentId;

    /**
     * @param base the address of the server, without a slash at the end
     * @param experimentId the id of the MLflow experiment
     */
    public Links(URI base, String experimentId) {
        this.base = base;
        this.experimentId = experimentId;
    }

    /** The runs of the experiment. From the list of all experiments, MLflow leads to its overview instead. */
    public URI experiment() {
        return at("experiments/" + encode(experimentId) + "/runs?" + WORKFLOW);
    }

    /** The page of one run. */
    public URI run(String runId) {
        return at(runPath(runId) + "?" + WORKFLOW);
    }

    /** The page of one artifact of a run. */
    public URI artifact(String runId, String path) {
        StringBuilder encoded = new StringBuilder();
        for (String part : path.split("/", -1)) {
            encoded.append('/').append(encode(part));
        }
        return at(runPath(runId) + "/artifacts" + encoded + "?" + WORKFLOW);
    }

    /** The view that {@link Views} has kept under this key. */
    URI shared(String key) {
        return runs("viewStateShareKey=" + encode(key), "CHART");
    }

    /** Charts of all curves of a study, not grouped. This page needs no kept view. */
    public URI charts(String study) {
        return runs(filter(SearchFilters.kind(study, Views.CURVE)), "CHART");
    }

    /** Charts of the runs of one kind of a study. */
    public URI charts(String study, String kind) {
        return runs(filter(SearchFilters.kind(study, kind)), "CHART");
    }

    /** The table of all runs of a study. */
    public URI table(String study) {
        return runs(filter(SearchFilters.study(study)), "TABLE");
    }

    /** Params, metrics and tags of these runs, side by side. */
    public URI compare(List<String> runIds) {
        return at("compare-runs?runs=" + json(runIds) + "&experiments=" + json(List.of(experimentId)) + "&" + WORKFLOW);
    }

    /** A chart of one metric of these runs over steps (shots). */
    public URI metric(List<String> runIds, String metric) {
        String key = RunMessages.key(metric);
        return at("metric?runs=" + json(runIds) + "&metric=" + json(key) + "&experiments=" + json(List.of(experimentId))
                + "&plot_metric_keys=" + json(List.of(key)) + "&x_axis=step&" + WORKFLOW);
    }

    private static String filter(String filter) {
        return "searchFilter=" + encode(filter);
    }

    private URI runs(String query, String mode) {
        return at(
                "experiments/" + encode(experimentId) + "/runs?" + query + "&compareRunsMode=" + mode + "&" + WORKFLOW);
    }

    private String runPath(String runId) {
        return "experiments/" + encode(experimentId) + "/runs/" + encode(runId);
    }

    private URI at(String place) {
        return URI.create(base + "/#/" + place);
    }

    private static String json(Object value) {
        try {
            return encode(Json.mapper().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + value, e);
        }
    }

    /** Percent-encodes a value. A space becomes %20, because the UI's router does not read + as a space. */
    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
