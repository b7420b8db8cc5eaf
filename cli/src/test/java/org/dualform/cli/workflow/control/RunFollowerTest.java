package org.dualform.cli.workflow.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.airflow.run.RunState;
import org.dualform.cli.terminal.HeardConsole;
import org.dualform.cli.workflow.AnsweringAirflow;
import org.dualform.cli.workflow.outcome.RunOutcome;
import org.dualform.cli.workflow.outcome.RunPlaces;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a run is followed to its end, and how its end decides the command's exit code. */
class RunFollowerTest {
    private static final String RUN = "/api/v2/dags/sweep/dagRuns/r1";
    private static final DagRun GIVEN = new DagRun("sweep", "r1", RunState.QUEUED, null, null, null, Map.of());

    private final AnsweringAirflow airflow;
    private final HeardConsole said = new HeardConsole(false);
    private final StringWriter out = new StringWriter();

    @TempDir
    private Path workspace;

    RunFollowerTest() throws IOException {
        airflow = new AnsweringAirflow();
    }

    @AfterEach
    void stop() {
        airflow.close();
    }

    @Test
    void aRunThatSucceedsIsASuccessAlsoThroughAnOutage() throws IOException, InterruptedException {
        airflow.on("GET " + RUN, 200, AnsweringAirflow.run("running"));
        airflow.on("GET " + RUN, 503, "restarting");
        airflow.on("GET " + RUN, 200, AnsweringAirflow.run("success"));
        airflow.on("GET " + RUN + "/taskInstances", 200, tasks("running"));
        airflow.on("GET " + RUN + "/taskInstances", 200, tasks("success"));
        assertThat(outcome()).isEqualTo(ExitCode.DONE);
        assertThat(said.text()).contains("0 of 1 task, running plan").doesNotContain("failed");
        assertThat(out.toString()).contains("/dags/sweep/runs/r1", "user admin").doesNotContain("failed");
    }

    @Test
    void aRunThatFailsNamesTheTaskItsReasonAndTheWayOut() throws IOException, InterruptedException {
        airflow.on("GET " + RUN, 200, AnsweringAirflow.run("failed"));
        airflow.on("GET " + RUN + "/taskInstances", 200, tasks("failed"));
        airflow.on(
                "GET " + RUN + "/taskInstances/plan/logs/1",
                200,
                "{\"content\":[{\"event\":\"Task failed\",\"level\":\"error\",\"error_detail\":[{\"exc_type\":"
                        + "\"AirflowFailException\",\"exc_value\":\"plan: no model such\"}]}],"
                        + "\"continuation_token\":null}");
        assertThat(outcome()).isEqualTo(ExitCode.PERMANENT);
        assertThat(out.toString()).contains("plan: no model such", "./dualform resume r1");
    }

    @Test
    void aRunThatIsGoneIsTheUsersMistake() {
        assertThatThrownBy(() -> new RunFollower(airflow.client(), said.console()).follow(GIVEN))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("no run r1 of sweep");
    }

    private ExitCode outcome() throws IOException, InterruptedException {
        RunProgress ended = new RunFollower(airflow.client(), said.console()).follow(GIVEN);
        PrintWriter writer = new PrintWriter(out);
        RunPlaces places = new RunPlaces(airflow.client(), "user admin", null, workspace);
        return new RunOutcome(airflow.client(), places, writer).print(ended);
    }

    private static String tasks(String state) {
        return AnsweringAirflow.tasks(AnsweringAirflow.task("plan", state));
    }
}
