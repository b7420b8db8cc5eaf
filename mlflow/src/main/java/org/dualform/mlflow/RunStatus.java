package org.dualform.mlflow;

/** States of an MLflow run, by MLflow's names. */
public enum RunStatus {
    RUNNING,
    SCHEDULED,
    FINISHED,
    FAILED,
    KILLED;

    public boolean ended() {
        return this == FINISHED || this == FAILED || this == KILLED;
    }
}
