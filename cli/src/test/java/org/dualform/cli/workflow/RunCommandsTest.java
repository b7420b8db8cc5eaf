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
                        "r1 of sweep: success\n  1 of 1 tasks, none running\n"));
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
                        "r1 of sweep: failed\n  failed: plan\n  1 of 1 tasks, none running\n"));
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
        assertThat(run("cancel", "r1"))
                .isEqualTo(
                        new Ran(
                                0,
                                "",
                                "  ending its tasks, 0 s\nCancelled. Finished work is kept; ./dualform resume r1 continues the run.\n"));
        assertThat(airflow.asked()).contains("PATCH " + RUN);
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
