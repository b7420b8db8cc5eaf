package org.dualform.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import org.dualform.contract.DualformException;

/**
 * Views that MLflow's UI opens by a link: what "Share" in its menu makes, kept by MLflow as a tag of the experiment. An
 * address alone can carry a filter, but no grouping.
 */
public final class Views {
    private static final String TAG = "mlflow.sharedViewState.";
    private static final String CURVES = "curves-view.json";

    private final MlflowApi api;

    Views(MlflowApi api) {
        this.api = api;
    }

    /**
     * One chart with all curves of a study, grouped by data set and method (the param {@code curve}), the mean over seeds
     * with its spread.
     *
     * @return the link that opens it
     * @throws DualformException if the server does not keep the view; {@link Links#charts} needs nothing kept
     */
    public URI curves(String experimentId, String study) {
        String key = "dualform-" + Names.sha256(study).substring(0, 24);
        ObjectNode state = template();
        state.put("searchFilter", Filters.kind(study, "curve"));
        api.tagExperiment(experimentId, TAG + key, state.toString());
        return new Links(api.http().server().base(), experimentId).shared(key);
    }

    private static ObjectNode template() {
        try (InputStream in = Views.class.getResourceAsStream(CURVES)) {
            if (in == null) {
                throw new IllegalStateException(CURVES + " is missing from the jar");
            }
            return Json.MAPPER.readValue(in, ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
