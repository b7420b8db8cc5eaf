package org.dualform.mlflow.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import org.dualform.base.Sha256;
import org.dualform.contract.DualformException;
import org.dualform.contract.Json;
import org.dualform.mlflow.rest.MlflowApi;
import org.dualform.mlflow.rest.RunMessages;
import org.dualform.mlflow.rest.SearchFilters;
import org.dualform.mlflow.value.CurveRole;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;

/**
 * Views that MLflow's UI opens by a link. They are what "Share" in its menu makes: MLflow keeps one as a tag of the
 * experiment. A view can group runs and lay out charts; an address alone can only filter.
 */
public final class Views {
    /** The kind ({@link Tags#KIND}) of a run that holds a curve. */
    static final String CURVE = "curve";

    private static final String TAG = "mlflow.sharedViewState.";
    private static final String TEMPLATE = "curves-view.json";
    private static final String CONTROLS = "controls";
    private static final int KEY_DIGITS = 24;

    private final MlflowApi api;

    public Views(MlflowApi api) {
        this.api = api;
    }

    /**
     * A page with all curves of a study. Its first section shows the experiment's own curves, its second the controls, if
     * there are any ({@link CurveRole}). Each chart shows the mean over seeds with its spread. Calling this again brings
     * the page up to date.
     *
     * @return the link that opens the page
     * @throws DualformException if the server does not keep the view; {@link Links#charts} needs no kept view
     */
    public URI curves(String experimentId, String study) {
        String filter = SearchFilters.kind(study, CURVE);
        List<RunView> curves =
                api.search(experimentId, filter).stream().map(RunMessages::view).toList();
        List<RunView> main = curves.stream().filter(run -> !isControl(run)).toList();
        List<RunView> controls = curves.stream().filter(Views::isControl).toList();
        ObjectNode state = template();
        state.put("searchFilter", filter);
        group(state, CurveGrouping.of(main, controls));
        if (controls.isEmpty()) {
            removeControls(state);
        }
        String key = "dualform-" + Sha256.hex(study).substring(0, KEY_DIGITS);
        api.tagExperiment(experimentId, TAG + key, state.toString());
        return new Links(api.http().server().base(), experimentId).shared(key);
    }

    private static boolean isControl(RunView run) {
        return run.tag(Tags.CURVE).filter(CurveRole.CONTROL.tag()::equals).isPresent();
    }

    private static void group(ObjectNode state, List<String> params) {
        ArrayNode keys = ((ObjectNode) state.get("groupBy")).putArray("groupByKeys");
        params.forEach(param -> keys.addObject().put("mode", "param").put("groupByData", param));
    }

    private static void removeControls(ObjectNode state) {
        removeIf(state.withArray("compareRunSections"), "uuid");
        removeIf(state.withArray("compareRunCharts"), "metricSectionId");
    }

    private static void removeIf(ArrayNode items, String field) {
        for (int i = items.size() - 1; i >= 0; i--) {
            JsonNode value = items.get(i).path(field);
            if (value.asText().equals(CONTROLS)) {
                items.remove(i);
            }
        }
    }

    private static ObjectNode template() {
        try (InputStream in = Views.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException(TEMPLATE + " is missing from the jar");
            }
            return Json.mapper().readValue(in, ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
