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
        DagRun run = new DagRun("d", "r", RunState.RUNNING, null, null, null, Map.of());
        List<TaskInstance> tasks = List.of(
                task("infer", 0, TaskState.SUCCESS, 0, 10),
                task("infer", 1, TaskState.SUCCESS, 0, 20),
                task("infer", 2, TaskState.RUNNING, 20, -1),
                task("infer", 3, TaskState.SCHEDULED, -1, -1));
        RunProgress progress = RunProgress.of(run, tasks, T0.plusSeconds(25));
        // 15 s each: 10 left of the running one, 15 of the other.
        assertThat(progress.remaining()).isEqualTo(Duration.ofSeconds(25));
        assertThat(progress.done()).isEqualTo(2);
        assertThat(progress.total()).isEqualTo(4);
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
