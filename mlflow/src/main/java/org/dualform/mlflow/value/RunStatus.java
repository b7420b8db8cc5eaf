package org.dualform.mlflow.value;

/** The states of an MLflow run, as MLflow names them. */
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
