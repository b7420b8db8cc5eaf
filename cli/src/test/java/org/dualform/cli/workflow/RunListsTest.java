package org.dualform.cli.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.cli.Ran;
import org.dualform.contract.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code dags}, {@code runs}, {@code clear}, {@code open} and {@code preflight} as a person runs them, with a server that
 * gives prepared answers in Airflow's place.
 */
class RunListsTest {
    private static final String API = "/api/v2/";
    private static final String RUN = API + "dags/sweep/dagRuns/r1";
    private static final String RUNS =
            "{\"dag_runs\":[{\"dag_id\":\"sweep\",\"dag_run_id\":\"r1\",\"state\":\"success\","
                    + "\"conf\":{},\"start_date\":\"2026-01-01T10:00:00Z\",\"end_date\":\"2026-01-01T10:01:30Z\"}],"
                    + "\"total_entries\":1}";

    private final AnsweringAirflow airflow;

    @TempDir
    private Path folder;

    RunListsTest() throws IOException {
        airflow = new AnsweringAirflow();
        airflow.on(
                "GET " + API + "dags",
                200,
                "{\"dags\":[{\"dag_id\":\"sweep\",\"is_paused\":true}],\"total_entries\":1}");
        airflow.on("GET " + API + "dags/sweep/dagRuns", 200, RUNS);
        airflow.on("GET " + API + "dags/%7E/dagRuns", 200, RUNS);
        airflow.on("GET " + RUN, 200, AnsweringAirflow.run("success"));
        airflow.on(
                "GET " + RUN + "/taskInstances",
                200,
                AnsweringAirflow.tasks(
                        AnsweringAirflow.task("plan", "success"),
                        AnsweringAirflow.mapped("cell.prompt", 0, "success", ""),
                        AnsweringAirflow.mapped("cell.infer", 0, "success", ""),
                        AnsweringAirflow.mapped("cell.prompt", 1, "success", ""),
                        AnsweringAirflow.mapped("cell.infer", 1, "failed", ""),
                        AnsweringAirflow.task("summarise", "success")));
        airflow.on(
                "GET " + API + "dags/sweep/tasks",
                200,
                "{\"tasks\":[{\"task_id\":\"plan\",\"downstream_task_ids\":[\"cell.prompt\"]},"
                        + "{\"task_id\":\"cell.prompt\",\"downstream_task_ids\":[\"cell.infer\"]},"
                        + "{\"task_id\":\"cell.infer\",\"downstream_task_ids\":[\"summarise\"],\"pool\":\"gone\"},"
                        + "{\"task_id\":\"summarise\",\"downstream_task_ids\":[]}],\"total_entries\":4}");
        airflow.on(
                "GET " + RUN + "/taskInstances/summarise/xcomEntries/finding",
                200,
                "{\"key\":\"finding\",\"value\":\"Prompt.\"}");
    }

    @AfterEach
    void stop() {
        airflow.close();
    }

    @Test
    void dagsTellWhatIsPausedAndTheLastRun() throws Exception {
        assertThat(run("dags")).isEqualTo(new Ran(0, "sweep  paused  success  r1\n", ""));
        JsonNode dag = document(run("dags", "--json"), "dags").path("dags").path(0);
        assertThat(dag.path("paused").asBoolean()).isTrue();
        assertThat(dag.path("last_run").path("id").asText()).isEqualTo("r1");
    }

    @Test
    void runsTellStateTimeCellsAndFinding() throws Exception {
        Ran ran = run("runs", "sweep");
        assertThat(ran.out())
                .startsWith("success  r1  2026-01-01 ")
                .endsWith(", 1 min 30 s, cells 1/2, 1 failed  (sweep)\n         Prompt.\n");
        JsonNode found = document(run("runs", "--json"), "runs").path("runs").path(0);
        assertThat(found.path("seconds").asDouble()).isEqualTo(90);
        assertThat(found.path("cells").toString()).isEqualTo("{\"total\":2,\"done\":1,\"failed\":1}");
        assertThat(found.path("finding").asText()).isEqualTo("Prompt.");
    }

    @Test
    void runsOfAnUnknownDagNameTheOneThatWasMeant() throws Exception {
        assertThat(run("runs", "sweeep").errors())
                .startsWith("Airflow has no DAG sweeep; ")
                .contains("sweep");
    }

    @Test
    void clearShowsWhatItWouldClearAndChangesNothing() throws Exception {
        airflow.on(
                "POST " + API + "dags/sweep/clearTaskInstances",
                200,
                AnsweringAirflow.tasks(
                        AnsweringAirflow.mapped("cell.infer", 1, "failed", ""),
                        AnsweringAirflow.task("summarise", "success")));
        Ran ran = run("clear", "r1", "--task", "cell.infer", "--map-index", "1");
        assertThat(ran)
                .isEqualTo(new Ran(
                        0,
                        "Would clear 2 task instances of r1:\n  cell.infer[1], now failed\n  summarise, now success\n"
                                + "Nothing was changed. --yes clears them; tasks that run now are stopped first.\n",
                        ""));
        assertThat(airflow.bodies("POST " + API + "dags/sweep/clearTaskInstances"))
                .singleElement()
                .satisfies(body -> assertThat(body).contains("\"dry_run\":true", "[[\"cell.infer\",1],\"summarise\"]"));
        Ran cleared = run("clear", "r1", "--task", "cell.infer", "--map-index", "1", "--yes", "--json");
        assertThat(document(cleared, "clear").path("cleared").asBoolean()).isTrue();
        assertThat(airflow.bodies("POST " + API + "dags/sweep/clearTaskInstances"))
                .hasSize(3)
                .last()
                .satisfies(
                        body -> assertThat(body).contains("\"dry_run\":false", "[[\"cell.infer\",1],\"summarise\"]"));
    }

    @Test
    void clearOfAnUnknownTaskOrInstanceTellsWhatThereIs() throws Exception {
        assertThat(run("clear", "r1", "--task", "cell.inferr").errors())
                .contains("has no task cell.inferr", "cell.infer");
        assertThat(run("clear", "r1", "--task", "cell.infer", "--map-index", "7"))
                .isEqualTo(new Ran(
                        64, "", "The task cell.infer of r1 has no instance 7; they are numbered from 0 to 1.\n"));
        assertThat(run("clear", "r1", "--map-index", "7").errors()).contains("name the task by --task");
    }

    @Test
    void openPrintsTheAddressWhereThereIsNoScreen() throws Exception {
        assertThat(run("open", "r1"))
                .isEqualTo(new Ran(
                        0, airflow.url() + "/dags/sweep/runs/r1\n", "There is no browser here to open it with.\n"));
        assertThat(run("open", "airflow", "--print")).isEqualTo(new Ran(0, airflow.url() + "\n", ""));
        assertThat(run("open", "mlflow"))
                .isEqualTo(new Ran(78, "", "No MLflow is known: name it by MLFLOW_TRACKING_URI, beside --airflow.\n"));
        // The run's results name no report, so only MLflow could have one.
        assertThat(run("open", "report").code()).isEqualTo(78);
    }

    @Test
    void preflightNamesEveryLackWithItsCureAndTriggersNothing() throws Exception {
        airflow.on("GET " + API + "version", 200, "{\"version\":\"3.0.6\"}");
        airflow.on("GET " + API + "monitor/health", 200, "{\"scheduler\":{\"status\":\"unhealthy\"}}");
        airflow.on("GET " + API + "providers", 200, "{\"providers\":[],\"total_entries\":0}");
        airflow.on("GET " + API + "importErrors", 200, "{\"import_errors\":[],\"total_entries\":0}");
        airflow.on("GET " + API + "connections", 403, "{\"detail\":\"Forbidden\"}");
        airflow.on("GET " + API + "pools", 200, "{\"pools\":[],\"total_entries\":0}");
        airflow.on(
                "GET " + API + "dags/sweep/details",
                200,
                "{\"dag_id\":\"sweep\",\"is_paused\":true,\"params\":{\"model\":{\"value\":\"mini\",\"schema\":{}}}}");
        airflow.on("POST " + API + "dags/sweep/dagRuns", 403, "{\"detail\":\"Forbidden\"}");
        airflow.on("POST " + API + "dags/sweep/clearTaskInstances", 404, "{\"detail\":\"no such run\"}");
        airflow.on("PATCH " + API + "dags/sweep/dagRuns/%7Epreflight", 404, "{\"detail\":\"no such run\"}");
        Ran ran = run(
                "preflight", "sweep", "--connection", "mlflow", "--on-worker", "--plan-dag", "plan_in_pods", "--json");
        assertThat(ran.code()).isEqualTo(78);
        JsonNode document = document(ran, "preflight");
        List<String> lacks = new ArrayList<>();
        document.path("checks").forEach(check -> {
            if (!check.path("ok").asBoolean()) {
                lacks.add(check.path("what").asText());
                assertThat(check.path("way_out").asText()).isNotEmpty();
            }
        });
        assertThat(lacks)
                .contains(
                        "Airflow",
                        "scheduler",
                        "provider",
                        "DAG sweep",
                        "may trigger runs",
                        "pool gone",
                        "plan on a worker",
                        "connection mlflow")
                .doesNotContain("may clear tasks (resume, clear)", "may end runs (cancel)");
        assertThat(ran.out()).contains("no DAG plan_in_pods", "--plan-dag");
        assertThat(document.path("lacks").asInt()).isEqualTo(lacks.size());
        assertThat(airflow.bodies("POST " + API + "dags/sweep/dagRuns"))
                .allSatisfy(
                        body -> assertThat(body).contains("data_interval_start").doesNotContain("data_interval_end"));
    }

    @Test
    void preflightHasNoUseForAPlanDagThatNoWorkerRuns() throws Exception {
        Ran ran = run("preflight", "sweep", "--plan-dag", "plan_in_pods");
        assertThat(ran.code()).isEqualTo(64);
    }

    private static JsonNode document(Ran ran, String command) throws IOException {
        JsonNode document = Json.mapper().readTree(ran.out());
        assertThat(document.path("schema").asInt()).isEqualTo(1);
        assertThat(document.path("command").asText()).isEqualTo(command);
        return document;
    }

    private Ran run(Object... words) throws Exception {
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--airflow", airflow.url()));
        Map<String, String> environment = Map.of(
                "DUALFORM_ROOT", folder.toString(),
                "DUALFORM_HOME", folder.resolve("state").toString(),
                "DISPLAY", "",
                "WAYLAND_DISPLAY", "",
                "BROWSER", "",
                "DUALFORM_AIRFLOW_PASSWORD", "secret");
        return Ran.apart(folder, environment, all.toArray());
    }
}
