package org.dualform.mlflow.value;

/** Names of the tags to which Dualform or MLflow's UI gives a meaning. */
public final class Tags {
    public static final String STUDY = "study";
    public static final String KIND = "kind";
    /** Which role a curve has in its study: {@link CurveRole#tag()}. */
    public static final String CURVE = "dualform.curve";
    /** {@link RunKey#value()}. */
    public static final String RUN_KEY = "dualform.run_key";
    /** The id of the run that replaced this one, because it has other values. Every link leaves replaced runs out. */
    public static final String SUPERSEDED = "dualform.superseded";
    /** When the newest task opened the run: milliseconds since 1970. What was said before that is older news. */
    public static final String OPENED = "dualform.opened";
    /** Why the task that wrote the run failed. A run that finished has none. */
    public static final String MESSAGE = "dualform.message";
    /** Content key of the task's result. */
    public static final String CONTENT_KEY = "dualform.key";

    public static final String AIRFLOW_DAG = "airflow.dag_id";
    public static final String AIRFLOW_RUN = "airflow.run_id";
    public static final String AIRFLOW_TASK = "airflow.task_id";
    public static final String AIRFLOW_MAP_INDEX = "airflow.map_index";
    public static final String AIRFLOW_TRY = "airflow.try_number";

    public static final String USER = "mlflow.user";
    public static final String SOURCE = "mlflow.source.name";
    /** Markdown that the UI shows as the run's description. */
    public static final String NOTE = "mlflow.note.content";
    /** A JSON list of those artifacts that the UI shows as tables. */
    public static final String LOGGED_ARTIFACTS = "mlflow.loggedArtifacts";

    private Tags() {}
}
