package org.dualform.airflow.dag;

import org.dualform.airflow.api.model.DAGResponse;

/**
 * A DAG that Airflow has read.
 *
 * @param paused whether Airflow starts its runs only after the DAG is unpaused
 * @param broken whether Airflow could not read the newest version of the DAG's file
 */
public record Dag(String id, boolean paused, boolean broken) {

    public static Dag of(DAGResponse dag) {
        return new Dag(
                dag.getDagId(), Boolean.TRUE.equals(dag.getIsPaused()), Boolean.TRUE.equals(dag.getHasImportErrors()));
    }
}
