package org.dualform.airflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.airflow.run.TaskState;
import org.dualform.base.Backoff;
import org.junit.jupiter.api.Test;

class RunWatcherTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void followsARunThroughAnOutageToItsEnd() throws IOException, InterruptedException {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            reply(server, 201, "{\"access_token\":\"t\"}");
            reply(server, 200, run("running"));
            reply(server, 200, tasks("running"));
            reply(server, 503, "restarting");
            reply(server, 200, run("success"));
            reply(server, 200, tasks("success"));
            AirflowClient client = new AirflowClient(
                    new AirflowLogin(URI.create(server.url("/").toString()), "admin", "x"),
                    Clock.systemUTC(),
                    new Backoff(1, Duration.ZERO, Duration.ZERO));
            List<RunProgress> seen = new ArrayList<>();
            RunProgress last =
                    new RunWatcher(client, Duration.ofMillis(5), Clock.systemUTC()).watch("d", "r", seen::add);
            assertThat(seen).hasSize(2);
            assertThat(seen.get(0).done()).isZero();
            assertThat(seen.get(0).running()).hasSize(1);
            assertThat(last.run().state()).isEqualTo(RunState.SUCCESS);
            assertThat(last.done()).isEqualTo(1);
        }
    }

    @Test
    void estimatesWhatIsLeftFromWhatHasFinished() {
        RunProgress progress = look(
                25,
                task("infer", 0, TaskState.SUCCESS, 0, 10),
                task("infer", 1, TaskState.SUCCESS, 0, 20),
                task("infer", 2, TaskState.RUNNING, 20, -1),
                task("infer", 3, TaskState.SCHEDULED, -1, -1));
        // 15 s each: 10 left of the running one, 15 of the other. So far 35 s of tasks took 25 s.
        assertThat(progress.remaining()).isEqualTo(Duration.ofMillis(Math.round(1000 * 25 / (35 / 25.0))));
        assertThat(progress.done()).isEqualTo(2);
        assertThat(progress.total()).isEqualTo(4);
    }

    @Test
    void everyKindOfTaskHasItsOwnWeight() {
        TaskInstance quick = task("cell.prompt", 0, TaskState.SUCCESS, 0, 2);
        TaskInstance slow = task("cell.infer", 0, TaskState.SUCCESS, 2, 102);
        assertThat(look(102, quick, slow, task("cell.prompt", 1, TaskState.NONE, -1, -1))
                        .remaining())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(look(102, quick, slow, task("cell.infer", 1, TaskState.NONE, -1, -1))
                        .remaining())
                .isEqualTo(Duration.ofSeconds(100));
    }

    /** Finished prompts tell nothing of the inference that is to come. */
    @Test
    void noTimeIsGivenWhileMostOfWhatIsLeftHasNoWeight() {
        TaskInstance prompt = task("cell.prompt", 0, TaskState.SUCCESS, 0, 2);
        TaskInstance last = task("cell.prompt", 1, TaskState.RUNNING, 2, -1);
        TaskInstance infer = task("cell.infer", -1, TaskState.NONE, -1, -1);
        TaskInstance items = task("cell_items", -1, TaskState.SUCCESS, 0, 0);
        assertThat(look(3, items, prompt, last, infer).remaining()).isNull();
    }

    @Test
    void theTotalIsToldOnceTheItemsAreKnownAndDoesNotGrow() {
        TaskInstance plan = task("plan", -1, TaskState.RUNNING, 0, -1);
        TaskInstance items = task("cell_items", -1, TaskState.NONE, -1, -1);
        TaskInstance select = task("select_items", -1, TaskState.NONE, -1, -1);
        TaskInstance one = task("select", -1, TaskState.NONE, -1, -1);
        TaskInstance prompt = task("cell.prompt", -1, TaskState.NONE, -1, -1);
        TaskInstance infer = task("cell.infer", -1, TaskState.NONE, -1, -1);
        TaskInstance finish = task("finish", -1, TaskState.NONE, -1, -1);
        assertThat(look(1, plan, items, select, one, prompt, infer, finish).planned())
                .isFalse();
        TaskInstance chosen = task("select", 0, TaskState.NONE, -1, -1);
        assertThat(look(1, plan, items, select, chosen, prompt, infer, finish).planned())
                .isFalse();
        TaskInstance first = task("cell.prompt", 0, TaskState.SUCCESS, 1, 2);
        TaskInstance second = task("cell.prompt", 1, TaskState.NONE, -1, -1);
        RunProgress expanded = look(2, plan, items, select, chosen, first, second, infer, finish);
        assertThat(expanded.planned()).isTrue();
        // The inference of both cells counts, though Airflow lists it as one task so far.
        assertThat(expanded.total()).isEqualTo(9);
        assertThat(expanded.done()).isEqualTo(1);
        RunProgress whole = look(
                2,
                plan,
                items,
                select,
                chosen,
                first,
                second,
                task("cell.infer", 0, TaskState.NONE, -1, -1),
                task("cell.infer", 1, TaskState.NONE, -1, -1),
                finish);
        assertThat(whole.total()).isEqualTo(9);
    }

    @Test
    void aTaskThatEndedWhileItWaitedNeverBegan() {
        assertThat(task("infer", 0, TaskState.FAILED, 5, 5).neverBegan()).isTrue();
        assertThat(task("infer", 0, TaskState.FAILED, 5, 6).neverBegan()).isFalse();
        assertThat(task("infer", 0, TaskState.FAILED, -1, -1).neverBegan()).isFalse();
    }

    private static RunProgress look(int second, TaskInstance... tasks) {
        DagRun run = new DagRun("d", "r", RunState.RUNNING, null, null, null, Map.of());
        return RunProgress.of(run, List.of(tasks), T0.plusSeconds(second));
    }

    @Test
    void guessesNothingBeforeAnythingFinished() {
        DagRun run = new DagRun("d", "r", RunState.QUEUED, null, null, null, Map.of());
        assertThat(RunProgress.of(run, List.of(task("plan", -1, TaskState.NONE, -1, -1)), T0)
                        .remaining())
                .isNull();
    }

    private static TaskInstance task(String id, int index, TaskState state, int start, int end) {
        return new TaskInstance(
                new TaskKey(id, index),
                null,
                state,
                1,
                start < 0 ? null : T0.plusSeconds(start),
                end < 0 ? null : T0.plusSeconds(end),
                null,
                null);
    }

    private static String run(String state) {
        return "{\"dag_id\":\"d\",\"dag_run_id\":\"r\",\"state\":\"" + state + "\",\"conf\":null}";
    }

    private static String tasks(String state) {
        return "{\"task_instances\":[{\"task_id\":\"plan\",\"map_index\":-1,\"state\":\"" + state
                + "\",\"try_number\":1}],\"total_entries\":1}";
    }

    private static void reply(MockWebServer server, int code, String body) {
        server.enqueue(new MockResponse.Builder().code(code).body(body).build());
    }
}
