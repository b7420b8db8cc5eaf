package org.dualform.cli.workflow.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.run.RunState;
import org.dualform.cli.workflow.AnsweringAirflow;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TriggeringTest {
    private static final String RUNS = "/api/v2/dags/sweep/dagRuns";
    private static final DagForm FORM = new DagForm("sweep", false, Map.of());

    private final AnsweringAirflow airflow;

    TriggeringTest() throws IOException {
        airflow = new AnsweringAirflow();
    }

    @AfterEach
    void stop() {
        airflow.close();
    }

    @Test
    void anIdIsMadeOfTheTimeInUtc() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T09:30:00Z"), ZoneOffset.ofHours(5));
        assertThat(Triggering.newId("demo", clock)).isEqualTo("demo-20260101-093000");
    }

    @Test
    void startsARun() {
        airflow.on("POST " + RUNS, 200, AnsweringAirflow.run("queued"));
        assertThat(start("r1").state()).isEqualTo(RunState.QUEUED);
    }

    @Test
    void anIdThatIsTakenIsTheUsersMistakeAndStartsNothing() {
        airflow.on("GET " + RUNS + "/r1", 200, AnsweringAirflow.run("success"));
        assertFails(ExitCode.USAGE, "has a run r1 already (success)", "./dualform watch r1");
        assertThat(airflow.asked()).doesNotContain("POST " + RUNS);
    }

    @Test
    void anIdThatSomebodyTakesMeanwhileIsToldInAirflowsWords() {
        airflow.on("POST " + RUNS, 409, "{\"detail\":\"DAGRun with the same id already exists\"}");
        assertFails(ExitCode.USAGE, "could not trigger sweep", "already exists");
    }

    @Test
    void whereTheAnswerIsLostTheRunIsFoundByItsId() {
        airflow.on("GET " + RUNS + "/r1", 404, "{\"detail\":\"Not found\"}");
        airflow.on("POST " + RUNS, 502, "gateway");
        airflow.on("GET " + RUNS + "/r1", 200, AnsweringAirflow.run("running"));
        assertThat(start("r1").state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void whereTheRunWasNotMadeTheFailureStays() {
        airflow.on("POST " + RUNS, 503, "overloaded");
        assertThatThrownBy(() -> start("r1"))
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("HTTP 503");
    }

    @Test
    void aServerThatIsDownMayBeTriedAgain() {
        airflow.close();
        assertFails(ExitCode.TRY_AGAIN, "cannot be reached", "./dualform up");
    }

    @Test
    void aMalformedIdAndAPausedDagAreRefusedBeforeAnythingIsAsked() {
        assertThatThrownBy(() -> start("a b/c")).hasMessageContaining("it is 'a b/c'");
        DagForm paused = new DagForm("sweep", true, Map.of());
        assertThatThrownBy(() -> Triggering.start(airflow.client(), paused, "r1", Map.of(), null))
                .hasMessageContaining("--unpause");
        assertThat(airflow.asked()).isEmpty();
    }

    /** {@code run_id=} and the id are the name of a folder, which has at most 255 bytes. */
    @Test
    void anIdThatIsTooLongForTheNameOfALogFolderIsRefused() {
        airflow.on("POST " + RUNS, 200, AnsweringAirflow.run("queued"));
        assertThat(start("r".repeat(248)).state()).isEqualTo(RunState.QUEUED);
        assertThatThrownBy(() -> start("r".repeat(249)))
                .hasMessageContainingAll("at most 248 characters", "has 249", "leave out --run-id");
        assertThatThrownBy(() -> start("..")).hasMessageContaining("not of dots alone");
        assertThatThrownBy(() -> Triggering.start(airflow.client(), FORM, "a b", Map.of(), "n".repeat(1001)))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.mistakes())
                                .satisfiesExactly(
                                        m -> assertThat(m).contains("it is 'a b'"),
                                        m -> assertThat(m).contains("at most 1000 characters", "has 1001")));
    }

    private org.dualform.airflow.run.DagRun start(String id) {
        return Triggering.start(airflow.client(), FORM, id, Map.of("limit", 20), null);
    }

    private void assertFails(ExitCode code, String... words) {
        assertThatThrownBy(() -> start("r1"))
                .isInstanceOfSatisfying(
                        DualformException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }
}
