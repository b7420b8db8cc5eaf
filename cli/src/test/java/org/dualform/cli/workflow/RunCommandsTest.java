package org.dualform.cli.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.cli.Ran;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code watch} and {@code cancel} as a person runs them, with a server that gives prepared answers in Airflow's place.
 */
class RunCommandsTest {
    private static final String RUN = "/api/v2/dags/sweep/dagRuns/r1";
    private static final String ANY = "/api/v2/dags/%7E/dagRuns";

    private final AnsweringAirflow airflow;

    @TempDir
    private Path folder;

    RunCommandsTest() throws IOException {
        airflow = new AnsweringAirflow();
    }

    @AfterEach
    void stop() {
        airflow.close();
    }

    @Test
    void watchShowsWhereTheLatestRunThatSucceededIs() throws Exception {
        airflow.on("GET " + ANY, 200, runs("success"));
        airflow.on("GET " + RUN, 200, AnsweringAirflow.run("success"));
        airflow.on("GET " + RUN + "/taskInstances", 200, tasks("success"));
        assertThat(run("watch"))
                .isEqualTo(new Ran(
                        0,
                        "Airflow run   " + airflow.url() + "/dags/sweep/runs/r1\n              user admin\n",
                        "r1 of sweep: success\n  1 of 1 task, none running\n"));
    }

    @Test
    void watchOfARunThatFailedNamesTheReasonAndHowToGoOn() throws Exception {
        airflow.on("GET " + ANY, 200, runs("failed"));
        airflow.on("GET " + RUN, 200, AnsweringAirflow.run("failed"));
        airflow.on("GET " + RUN + "/taskInstances", 200, tasks("failed"));
        airflow.on(
                "GET " + RUN + "/taskInstances/plan/logs/1",
                200,
                "{\"content\":[{\"event\":\"There is no model such.\",\"level\":\"error\"}],"
                        + "\"continuation_token\":null}");
        assertThat(run("watch", "r1"))
                .isEqualTo(new Ran(
                        71,
                        "The run failed:\n  plan: There is no model such.\n\nAirflow run   " + airflow.url()
                                + "/dags/sweep/runs/r1\n              user admin\n"
                                + "Once the cause is fixed, ./dualform resume r1 continues the run; finished work is not"
                                + " computed again.\n",
                        "r1 of sweep: failed\n  1 of 1 task, none running\n"));
    }

    /** So Airflow lists a run that was ended in its UI while tasks of the cells ran. */
    @Test
    void watchOfACancelledRunTellsFinishedAndWaitingTasksFromFailedOnes() throws Exception {
        String ended = "2026-01-01T00:00:00Z";
        airflow.on("GET " + ANY, 200, runs("failed"));
        airflow.on("GET " + RUN, 200, AnsweringAirflow.run("failed"));
        airflow.on(
                "GET " + RUN + "/taskInstances",
                200,
                AnsweringAirflow.tasks(
                        AnsweringAirflow.mapped("cell.infer", 0, "failed", ""),
                        AnsweringAirflow.mapped("cell.infer", 1, "failed", ""),
                        AnsweringAirflow.mapped(
                                "cell.infer",
                                2,
                                "failed",
                                ",\"start_date\":\"" + ended + "\",\"end_date\":\"" + ended + "\"")));
        airflow.on(
                "GET " + RUN + "/taskInstances/cell.infer/xcomEntries/return_value",
                200,
                "{\"key\":\"return_value\",\"value\":{\"kind\":\"infer\"}}");
        airflow.on("GET " + RUN + "/taskInstances/cell.infer/xcomEntries/return_value", 404, "{\"detail\":\"none\"}");
        airflow.on(
                "GET " + RUN + "/taskInstances/cell.infer/logs/1",
                200,
                "{\"content\":[{\"event\":\"Out of memory.\",\"level\":\"error\"}]," + "\"continuation_token\":null}");
        Ran ran = run("watch", "r1");
        assertThat(ran.errors()).doesNotContain("failed: ");
        assertThat(ran.out()).startsWith("""
                The run failed:
                  cell.infer[1]: Out of memory.
                  Stopped before they began: cell.infer[2].
                  Finished; Airflow lists them as failed because their run was ended while others like them ran: cell.infer[0].
                """);
    }

    @Test
    void watchWithoutAnyRunNamesTheCommandThatStartsOne() throws Exception {
        airflow.on("GET " + ANY, 200, "{\"dag_runs\":[],\"total_entries\":0}");
        assertThat(run("watch"))
                .isEqualTo(new Ran(64, "", "Airflow has no run yet. ./dualform trigger icl_shot_sweep starts one.\n"));
    }

    @Test
    void cancelFailsTheRunAndWaitsForItsEnd() throws Exception {
        airflow.on("GET " + ANY, 200, runs("running"));
        airflow.on("PATCH " + RUN, 200, AnsweringAirflow.run("failed"));
        airflow.on("GET " + RUN, 200, AnsweringAirflow.run("running"));
        airflow.on("GET " + RUN, 200, AnsweringAirflow.run("failed"));
        airflow.on(
                "GET " + RUN + "/taskInstances",
                200,
                AnsweringAirflow.tasks(
                        AnsweringAirflow.mapped("cell.infer", 0, "success", ""),
                        AnsweringAirflow.mapped("cell.infer", 1, "running", "")));
        airflow.on("PATCH " + RUN + "/taskInstances/cell.infer/1", 200, "{}");
        assertThat(run("cancel", "r1"))
                .isEqualTo(
                        new Ran(
                                0,
                                "",
                                "  ending its tasks, 0 s\nCancelled. Finished work is kept; ./dualform resume r1 continues the run.\n"));
        // Airflow ends a run by failing all instances of a task that runs. The running one alone is failed before.
        assertThat(airflow.asked())
                .containsSubsequence("PATCH " + RUN + "/taskInstances/cell.infer/1", "PATCH " + RUN)
                .doesNotContain("PATCH " + RUN + "/taskInstances/cell.infer/0");
    }

    @Test
    void cancelOfARunThatHasEndedChangesNothing() throws Exception {
        airflow.on("GET " + ANY, 200, runs("success"));
        assertThat(run("cancel", "r1"))
                .isEqualTo(new Ran(0, "", "The run r1 has ended already (success); nothing was changed.\n"));
        assertThat(airflow.asked()).doesNotContain("PATCH " + RUN);
    }

    @Test
    void cancelOfAnUnknownRunNamesTheOneThatWasMeant() throws Exception {
        airflow.on("GET " + ANY, 200, runs("success"));
        assertThat(run("cancel", "r2")).isEqualTo(new Ran(64, "", "Airflow has no run r2; did you mean r1.\n"));
    }

    private Ran run(Object... words) throws Exception {
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--airflow", airflow.url()));
        Map<String, String> environment = Map.of(
                "DUALFORM_ROOT", folder.toString(),
                "DUALFORM_HOME", folder.resolve("state").toString(),
                "DUALFORM_AIRFLOW_PASSWORD", "secret");
        return Ran.apart(folder, environment, all.toArray());
    }

    private static String runs(String state) {
        return "{\"dag_runs\":[" + AnsweringAirflow.run(state) + "],\"total_entries\":1}";
    }

    private static String tasks(String state) {
        return AnsweringAirflow.tasks(AnsweringAirflow.task("plan", state));
    }
}
