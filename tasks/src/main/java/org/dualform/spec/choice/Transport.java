package org.dualform.spec.choice;

/** How files travel from one task to the next. */
public enum Transport implements Choice {
    /** All tasks see one workspace folder. */
    SHARED,
    /** Workers share nothing; files are sent to the MLflow server and fetched from there. */
    MLFLOW
}
