package org.dualform.mlflow;

import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that is known of a run before it has results. It must come out the same in every task and every try that
 * writes to the run: another value of a parameter means another run.
 *
 * @param experiment name of the MLflow experiment
 * @param name shown in the UI
 * @param params what was asked for; fixed for the run's life
 * @param tags may change (try number, task id)
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
