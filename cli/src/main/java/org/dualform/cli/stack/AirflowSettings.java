package org.dualform.cli.stack;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualform.cli.machine.Home;
import org.dualform.contract.UserException;

/** Airflow's configuration for the local servers, as environment variables of every component. */
final class AirflowSettings {
    private AirflowSettings() {}

    static Map<String, String> of(Home home, Secrets secrets, int port, URI mlflow, int parallelism) {
        refuseDollar("project's", home.root());
        refuseDollar("state", home.state());
        Map<String, String> all = new LinkedHashMap<>();
        Path airflow = home.airflowHome();
        String url = "http://127.0.0.1:" + port;
        all.put("AIRFLOW_HOME", airflow.toString());
        all.put("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", Uris.sqlite(airflow.resolve("airflow.db")));
        all.put("AIRFLOW__CORE__DAGS_FOLDER", dags(home));
        all.put("AIRFLOW__CORE__LOAD_EXAMPLES", "False");
        all.put("AIRFLOW__CORE__PARALLELISM", String.valueOf(parallelism));
        all.put("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", url + "/execution/");
        all.put("AIRFLOW__CORE__FERNET_KEY", secrets.fernet());
        all.put("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", Secrets.USER + ":admin");
        all.put(
                "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
                Secrets.passwords(home).toString());
        all.put("AIRFLOW__API__HOST", "127.0.0.1");
        all.put("AIRFLOW__API__PORT", String.valueOf(port));
        all.put("AIRFLOW__API__BASE_URL", url);
        all.put("AIRFLOW__API__WORKERS", "1");
        all.put("AIRFLOW__API__SECRET_KEY", secrets.jwt());
        all.put("AIRFLOW__API_AUTH__JWT_SECRET", secrets.jwt());
        all.put("AIRFLOW__LOGGING__BASE_LOG_FOLDER", airflow.resolve("logs").toString());
        // Seconds until a changed DAG file is read again.
        all.put("AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL", "10");
        all.put("AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL", "10");
        // Seconds until a killed scheduler is noticed and the next one takes over its tasks.
        all.put("AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD", "20");
        all.put("AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL", "15");
        all.put("AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT", "60");
        all.put("AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK", "False");
        all.put("MLFLOW_TRACKING_URI", mlflow.toString());
        all.putAll(ProxyBypass.of(home.environment()));
        // Uvicorn and other libraries print colours even to a file.
        all.put("NO_COLOR", "1");
        all.put("PYTHONDONTWRITEBYTECODE", "");
        return all;
    }

    /** The folder of the project's DAGs, or the one of {@code DUALFORM_DAGS} in their place. */
    private static String dags(Home home) {
        String other = home.environment().getOrDefault("DUALFORM_DAGS", "");
        return other.isBlank() ? home.root().resolve("dags").toString() : other;
    }

    private static void refuseDollar(String what, Path folder) {
        if (folder.toString().indexOf('$') < 0) return;
        throw UserException.config("The " + what + " folder is " + folder + ". Airflow takes a $ in its settings for a"
                + " variable, so the folder's path must have none: "
                + (what.equals("state") ? "name another by DUALFORM_HOME." : "move or rename it."));
    }
}
