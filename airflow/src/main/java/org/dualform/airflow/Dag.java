package org.dualform.airflow;

import org.dualform.airflow.api.model.DAGResponse;

/** A DAG that Airflow has read. */
public record Dag(String id, boolean paused, boolean broken) {

    static Dag of(DAGResponse dag) {
        return new Dag(
                dag.getDagId(), Boolean.TRUE.equals(dag.getIsPaused()), Boolean.TRUE.equals(dag.getHasImportErrors()));
    }
}
