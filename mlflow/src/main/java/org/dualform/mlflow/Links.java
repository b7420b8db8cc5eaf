package org.dualform.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Addresses of views in MLflow's UI; every value is encoded. */
public final class Links {
    private final URI base;
    private final String experimentId;

    /**
     * @param base of the server, without a slash at the end
     * @param experimentId number of the MLflow experiment
     */
    public Links(URI base, String experimentId) {
        this.base = base;
        this.experimentId = experimentId;
    }

    /** One run's page. */
    public URI run(String runId) {
        return at("experiments/" + encode(experimentId) + "/runs/" + encode(runId));
    }

    /** One run's artifact, opened in the pane beside the list. */
    public URI artifact(String runId, String path) {
        StringBuilder encoded = new StringBuilder();
        for (String part : path.split("/", -1)) {
            encoded.append('/').append(encode(part));
        }
        return at("experiments/" + encode(experimentId) + "/runs/" + encode(runId) + "/artifacts" + encoded);
    }

    /** A view that {@link Views} has kept. */
    URI shared(String key) {
        return at("experiments/" + encode(experimentId) + "/runs?viewStateShareKey=" + encode(key)
                + "&compareRunsMode=CHART");
    }

    /** Charts of all curves of a study, not grouped: what can be opened without keeping a view. */
    public URI charts(String study) {
        return runs(Filters.kind(study, "curve"), "CHART");
    }

    /** The table of all runs of a study. */
    public URI table(String study) {
        return runs(Filters.study(study), "TABLE");
    }

    /** Side by side: params, metrics, tags of these runs. */
    public URI compare(List<String> runIds) {
        return at("compare-runs?runs=" + json(runIds) + "&experiments=" + json(List.of(experimentId)));
    }

    /** One metric of these runs in one chart, over steps (shots). */
    public URI metric(List<String> runIds, String metric) {
        return at("metric?runs=" + json(runIds) + "&metric=" + json(metric) + "&experiments="
                + json(List.of(experimentId)) + "&plot_metric_keys=" + json(List.of(metric)) + "&x_axis=step");
    }

    private URI runs(String filter, String mode) {
        return at("experiments/" + encode(experimentId) + "/runs?searchFilter=" + encode(filter) + "&compareRunsMode="
                + mode);
    }

    private URI at(String place) {
        return URI.create(base + "/#/" + place);
    }

    private static String json(Object value) {
        try {
            return encode(Json.MAPPER.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + value, e);
        }
    }

    /** Percent-encoded; a space as %20, since the UI's router does not read + as one. */
    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
