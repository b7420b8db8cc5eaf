package org.dualform.airflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.LogLine;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.base.Backoff;
import org.dualform.contract.ExitCode;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests the client in cases that are hard to produce with a real Airflow, against a server that answers as Airflow
 * would.
 */
class AirflowClientTest {
    private static final String RUN = """
            {"dag_id":"sweep","dag_run_id":"r+1","state":"running","queued_at":"2026-01-01T00:00:00.5Z",
             "start_date":null,"end_date":null,"conf":{"limit":20},"note":null,"new_in_a_later_version":{"a":[1]}}
            """;

    private static final Backoff ONE_TRY = new Backoff(1, Duration.ZERO, Duration.ZERO);

    private final MockWebServer server = new MockWebServer();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private AirflowClient client;

    @BeforeEach
    void start() throws IOException {
        server.start();
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneId.of("UTC");
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        client = new AirflowClient(
                new AirflowLogin(URI.create(server.url("/").toString()), "admin", "secret"), clock, ONE_TRY);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void triggersWithTheLogicalDateThatAirflowDemands() throws InterruptedException {
        token("t1");
        json(200, RUN);
        DagRun run = client.trigger("sweep", "r+1", Map.of("limit", 20), null);

        RecordedRequest login = server.takeRequest();
        assertThat(login.getTarget()).isEqualTo("/auth/token");
        assertThat(login.getBody().utf8()).isEqualTo("{\"username\":\"admin\",\"password\":\"secret\"}");
        RecordedRequest trigger = server.takeRequest();
        assertThat(trigger.getHeaders().get("Authorization")).isEqualTo("Bearer t1");
        assertThat(trigger.getBody().utf8())
                .isEqualTo("{\"logical_date\":null,\"dag_run_id\":\"r+1\",\"conf\":{\"limit\":20}}");
        assertThat(run.state()).isEqualTo(RunState.RUNNING);
        assertThat(run.queuedAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00.500Z"));
        assertThat(run.conf()).containsEntry("limit", 20);
        assertThat(client.runUrl("sweep", "r+1")).endsWith("/dags/sweep/runs/r%2B1");
    }

    @Test
    void renewsATokenThatIsRefusedOnceAndOnlyOnce() throws InterruptedException {
        token("old");
        json(401, "{\"detail\":\"Invalid JWT token\"}");
        token("new");
        json(200, RUN);
        assertThat(client.run("sweep", "r+1")).isPresent();
        List<String> sent = List.of(bearer(), bearer(), bearer(), bearer());
        assertThat(sent).containsExactly("none", "Bearer old", "none", "Bearer new");

        json(401, "{\"detail\":\"Not authenticated\"}");
        token("newer");
        json(401, "{\"detail\":\"Not authenticated\"}");
        assertThatThrownBy(() -> client.run("sweep", "r+1"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG))
                .hasMessageContaining("Not authenticated");
    }

    @Test
    void renewsATokenBeforeItExpires() {
        token("t1");
        json(200, RUN);
        client.run("sweep", "r+1");
        now = now.plusSeconds(23 * 3600 + 1);
        token("t2");
        json(200, RUN);
        client.run("sweep", "r+1");
        assertThat(server.getRequestCount()).isEqualTo(4);
    }

    @Test
    void aWrongPasswordSaysWhereTheRightOneIs() {
        json(401, "{\"detail\":\"Invalid credentials\"}");
        assertThatThrownBy(() -> client.run("sweep", "r"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Invalid credentials")
                .hasMessageContaining("./dualform status")
                .hasMessageNotContaining("secret");
    }

    @Test
    void errorsHaveTheTypeOfWhatOneCanDoAboutThem() {
        token("t");
        json(400, "{\"detail\":\"Invalid input for param shots\"}");
        assertThatThrownBy(() -> client.trigger("sweep", null, Map.of(), null))
                .isInstanceOf(UserException.class)
                .hasMessage("Airflow could not trigger sweep: Invalid input for param shots");
        json(409, "{\"detail\":{\"reason\":\"Unique constraint violation\"}}");
        assertThatThrownBy(() -> client.trigger("sweep", null, Map.of(), null)).isInstanceOf(UserException.class);
        json(422, "{\"detail\":[{\"loc\":[\"body\",\"conf\"],\"msg\":\"must be a dictionary\"}]}");
        assertThatThrownBy(() -> client.trigger("sweep", null, Map.of(), null))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("conf: must be a dictionary");
        json(429, "{\"detail\":\"slow down\"}");
        assertThatThrownBy(client::dags).isInstanceOf(TransientException.class);
        server.enqueue(new MockResponse.Builder()
                .code(502)
                .body("<h1>Bad Gateway</h1>")
                .build());
        assertThatThrownBy(client::dags)
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("Bad Gateway (HTTP 502)");
        json(418, "{}");
        assertThatThrownBy(client::dags).isInstanceOf(PermanentException.class);
    }

    @Test
    void anAnswerThatIsNotJsonIsNotABug() {
        token("t");
        server.enqueue(new MockResponse.Builder()
                .code(200)
                .body("<html>a captive portal</html>")
                .build());
        assertThatThrownBy(client::dags).isInstanceOf(TransientException.class);
    }

    @Test
    void whatDoesNotExistIsEmpty() {
        token("t");
        json(404, "{\"detail\":\"not found\"}");
        assertThat(client.run("sweep", "nope")).isEmpty();
        json(404, "{\"detail\":\"not found\"}");
        assertThat(client.form("nope")).isEmpty();
    }

    @Test
    void aServerThatIsAwayIsTransientAndSaysHowToStartIt() {
        server.close();
        assertThatThrownBy(client::version)
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("./dualform up");
    }

    @Test
    void readsEveryPage() throws InterruptedException {
        token("t");
        taskPage(0, 100, 230);
        taskPage(100, 100, 230);
        taskPage(200, 30, 230);
        DagRun run = new DagRun("sweep", "r", RunState.RUNNING, null, null, null, Map.of());
        List<TaskInstance> tasks = client.tasks(run);
        assertThat(tasks)
                .hasSize(230)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo((a, b) -> a.key().compareTo(b.key()));
        server.takeRequest();
        server.takeRequest();
        assertThat(server.takeRequest().getTarget()).contains("limit=100", "offset=100");
    }

    @Test
    void readsLogsOfBothShapes() {
        token("t");
        json(200, """
                {"content":[{"event":"started","timestamp":"2026-01-01T00:00:00Z","level":"info","logger":"task"},
                 {"event":"Task failed with exception","level":"error",
                  "error_detail":[{"exc_type":"AirflowFailException","exc_value":"no such model"}]}],
                 "continuation_token":null}
                """);
        DagRun run = new DagRun("sweep", "r", RunState.RUNNING, null, null, null, Map.of());
        assertThat(client.log(run, new TaskKey("plan", -1), 1))
                .containsExactly(
                        new LogLine("info", "started", null),
                        new LogLine("error", "Task failed with exception", "no such model"));
        json(200, "{\"content\":[\"a plain line\"],\"continuation_token\":null}");
        assertThat(client.log(run, new TaskKey("plan", -1), 1))
                .containsExactly(new LogLine(null, "a plain line", null));
    }

    @Test
    void clearsExactlyWhatItIsTold() throws InterruptedException {
        token("t");
        json(200, "{\"task_instances\":[],\"total_entries\":0}");
        DagRun run = new DagRun("sweep", "r", RunState.FAILED, null, null, null, Map.of());
        client.clear(run, List.of(new TaskKey("cells.score", 3), new TaskKey("finish", -1)));
        server.takeRequest();
        assertThat(server.takeRequest().getBody().utf8())
                .contains("\"task_ids\":[[\"cells.score\",3],\"finish\"]")
                .contains("\"dry_run\":false", "\"only_failed\":false", "\"include_downstream\":false");
    }

    private void taskPage(int from, int count, int total) {
        StringBuilder rows = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            rows.append(i == from ? "" : ",")
                    .append("{\"task_id\":\"t\",\"map_index\":")
                    .append(total - i)
                    .append(",\"state\":\"success\",\"try_number\":1}");
        }
        json(200, "{\"task_instances\":[" + rows + "],\"total_entries\":" + total + "}");
    }

    private void token(String value) {
        json(201, "{\"access_token\":\"" + value + "\"}");
    }

    private void json(int code, String body) {
        server.enqueue(new MockResponse.Builder()
                .code(code)
                .addHeader("Content-Type", "application/json")
                .body(body)
                .build());
    }

    private String bearer() throws InterruptedException {
        String header = server.takeRequest().getHeaders().get("Authorization");
        return header == null ? "none" : header;
    }
}
