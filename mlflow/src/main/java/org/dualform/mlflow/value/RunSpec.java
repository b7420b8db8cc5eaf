package org.dualform.mlflow.value;

import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that is known about a run before it has results. Every task and every try that writes to the run must come
 * to the same spec, because another value of a param means another run.
 *
 * @param experiment name of the MLflow experiment
 * @param name what the UI shows
 * @param params what was asked for; fixed for the life of the run
 * @param tags what may change: try number, task id
 */
public record RunSpec(
        String experiment, RunKey key, String name, Map<String, String> params, Map<String, String> tags) {
    /** Sorted copies, so that equal specs are written equally. */
    public RunSpec {
        if (experiment.isBlank() || experiment.length() > 500) {
            throw new IllegalArgumentException("An experiment's name has 1 to 500 characters: '" + experiment + "'");
        }
        params = new TreeMap<>(params);
        tags = new TreeMap<>(tags);
    }
}
