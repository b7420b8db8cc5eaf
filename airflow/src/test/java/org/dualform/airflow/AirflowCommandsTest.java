package org.dualform.airflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskKey;
import org.dualform.airflow.run.TaskState;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the requests with which the client changes something, and how it reads answers in which fields are missing. */
class AirflowCommandsTest {
    private static final DagRun RUN = new DagRun("sweep", "r", RunState.RUNNING, null, null, null, Map.of());
    private static final TaskKey CELL = new TaskKey("cell.score", 3);

    private final MockWebServer server = new MockWebServer();
    private AirflowClient client;

    @BeforeEach
    void start() throws IOException {
        server.start();
        client = new AirflowClient(new AirflowLogin(URI.create(server.url("/").toString()), "admin", "secret"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void pausesAndMarksOnlyWhatItNames() throws InterruptedException {
        token();
        json(200, "{\"dag_id\":\"sweep\",\"is_paused\":true}");
        client.pause("sweep", true);
        json(200, "{\"dag_id\":\"sweep\",\"dag_run_id\":\"r\",\"state\":\"failed\"}");
        client.setRunState("sweep", "r", RunState.FAILED);
        json(200, "{\"task_instances\":[],\"total_entries\":0}");
        client.setTaskState(RUN, CELL, TaskState.FAILED);

        server.takeRequest();
        assertSent("PATCH", "/api/v2/dags/sweep?update_mask=is_paused", "{\"is_paused\":true}");
        assertSent("PATCH", "/api/v2/dags/sweep/dagRuns/r?update_mask=state", "{\"state\":\"failed\"}");
        assertSent(
                "PATCH",
                "/api/v2/dags/sweep/dagRuns/r/taskInstances/cell.score/3?update_mask=new_state",
                "{\"new_state\":\"failed\"}");
    }

    @Test
    void aPoolIsMadeOnceAndThenChanged() throws InterruptedException {
        token();
        json(200, "{\"pools\":[{\"name\":\"default_pool\",\"slots\":128}],\"total_entries\":1}");
        json(201, "{\"name\":\"gpu\",\"slots\":1}");
        client.setPool("gpu", 1);
        json(200, "{\"pools\":[{\"name\":\"gpu\",\"slots\":1}],\"total_entries\":1}");
        json(200, "{\"name\":\"gpu\",\"slots\":2}");
        client.setPool("gpu", 2);

        server.takeRequest();
        server.takeRequest();
        assertSent("POST", "/api/v2/pools", "{\"name\":\"gpu\",\"slots\":1,\"include_deferred\":false}");
        server.takeRequest();
        assertSent("PATCH", "/api/v2/pools/gpu?update_mask=slots", "{\"slots\":2}");
    }

    @Test
    void aComponentThatNeverRanIsMissingInTheHealth() {
        json(
                200,
                "{\"metadatabase\":{\"status\":\"healthy\"},\"scheduler\":{\"status\":\"unhealthy\"},"
                        + "\"triggerer\":{\"status\":null},\"dag_processor\":null}");
        assertThat(client.health()).isEqualTo(Map.of("metadatabase", "healthy", "scheduler", "unhealthy"));
    }

    @Test
    void tellsWhichFilesAreBroken() {
        token();
        json(
                200,
                "{\"import_errors\":[{\"filename\":\"a.py\",\"stack_trace\":\"SyntaxError: x\"}],\"total_entries\":1}");
        assertThat(client.importErrors()).isEqualTo(Map.of("a.py", "SyntaxError: x"));
        json(
                200,
                "{\"dag_warnings\":[{\"dag_id\":\"sweep\",\"warning_type\":\"non-existent pool\",\"message\":\"no gpu\"}],"
                        + "\"total_entries\":1}");
        assertThat(client.warnings()).containsExactly("sweep: no gpu");
    }

    @Test
    void aFormIsReadWithDefaultsTypesAndBareValues() {
        token();
        json(200, """
                {"dag_id":"sweep","is_paused":true,"params":{
                  "limit":{"value":20,"description":"rows","schema":{"type":["integer","null"],"minimum":1}},
                  "model":{"value":null,"description":null,"schema":{"type":"string"}},
                  "bare":"text"}}
                """);
        DagForm form = client.form("sweep").orElseThrow();
        assertThat(form.paused()).isTrue();
        assertThat(form.parameters()).containsOnlyKeys("limit", "model", "bare");
        DagForm.Parameter limit = form.parameters().get("limit");
        assertThat(limit.value()).isEqualTo(20);
        assertThat(limit.allows("null")).isTrue();
        assertThat(limit.allows("string")).isFalse();
        assertThat(form.parameters().get("model").allows("string")).isTrue();
        assertThat(form.parameters().get("bare").value()).isEqualTo("text");
        json(200, "{\"dag_id\":\"sweep\",\"params\":null}");
        assertThat(client.form("sweep").orElseThrow().parameters()).isEmpty();
    }

    @Test
    void whatATaskDidNotLeaveIsEmpty() {
        token();
        json(404, "{\"detail\":\"XCom entry not found\"}");
        assertThat(client.xcom(RUN, CELL, "return_value")).isEmpty();
        json(200, "{\"key\":\"return_value\",\"value\":null}");
        assertThat(client.xcom(RUN, CELL, "return_value")).isEmpty();
        json(200, "{\"extra_links\":{\"MLflow run\":null,\"Report\":\"http://h/r\"},\"total_entries\":2}");
        assertThat(client.links(RUN, CELL)).isEqualTo(Map.of("Report", "http://h/r"));
    }

    @Test
    void aRunIsFoundByItsWholeIdOnly() throws InterruptedException {
        token();
        json(
                200,
                "{\"dag_runs\":[{\"dag_id\":\"a\",\"dag_run_id\":\"r1-again\",\"state\":\"success\"},"
                        + "{\"dag_id\":\"b\",\"dag_run_id\":\"r1\",\"state\":\"a_new_state\"}],\"total_entries\":2}");
        assertThat(client.run("r1")).get().extracting(DagRun::dagId).isEqualTo("b");
        server.takeRequest();
        assertThat(server.takeRequest().getTarget()).contains("/dags/%7E/dagRuns", "run_id_pattern=r1");
    }

    @Test
    void theGraphTellsWhatFollowsWhat() {
        token();
        json(
                200,
                "{\"tasks\":[{\"task_id\":\"plan\",\"downstream_task_ids\":[\"score\"]},"
                        + "{\"task_id\":\"score\",\"downstream_task_ids\":null}],\"total_entries\":2}");
        assertThat(client.graph("sweep").followers()).isEqualTo(Map.of("plan", List.of("score"), "score", List.of()));
    }

    @Test
    void whatTheUserMayNotDoNamesTheUser() {
        token();
        json(403, "{\"detail\":\"Forbidden\"}");
        assertThatThrownBy(() -> client.pause("sweep", false))
                .isInstanceOf(UserException.class)
                .hasMessage("Airflow could not unpause sweep: Forbidden (HTTP 403, user admin)");
    }

    @Test
    void aConnectionThatBreaksIsWorthAnotherTry() throws Exception {
        try (ServerSocket rude = new ServerSocket(0)) {
            Thread closer = new Thread(() -> hangUp(rude));
            closer.start();
            AirflowLogin login = new AirflowLogin(URI.create("http://127.0.0.1:" + rude.getLocalPort()), "u", "p");
            assertThatThrownBy(() -> new AirflowClient(login).version())
                    .isInstanceOf(TransientException.class)
                    .hasMessageContaining("broke when asked to tell its version");
        }
    }

    private static void hangUp(ServerSocket rude) {
        while (!rude.isClosed()) {
            try (Socket caller = rude.accept()) {
                caller.getInputStream().read();
            } catch (IOException e) {
                return; // closed: the test is over
            }
        }
    }

    private void assertSent(String method, String target, String body) throws InterruptedException {
        RecordedRequest request = server.takeRequest();
        assertThat(request.getMethod() + " " + request.getTarget()).isEqualTo(method + " " + target);
        assertThat(request.getBody().utf8()).isEqualTo(body);
    }

    private void token() {
        json(201, "{\"access_token\":\"t\"}");
    }

    private void json(int code, String body) {
        server.enqueue(new MockResponse.Builder()
                .code(code)
                .addHeader("Content-Type", "application/json")
                .body(body)
                .build());
    }
}
