package org.dualform.airflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okio.BufferedSink;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskKey;
import org.dualform.base.Backoff;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests which calls are sent again after a failure. */
class AirflowRetryTest {
    private static final String RUN = "{\"dag_id\":\"sweep\",\"dag_run_id\":\"r\",\"state\":\"running\"}";
    private static final DagRun SWEEP = new DagRun("sweep", "r", RunState.RUNNING, null, null, null, Map.of());

    private final MockWebServer server = new MockWebServer();
    private AirflowClient client;

    @BeforeEach
    void start() throws IOException {
        server.start();
        client = new AirflowClient(
                new AirflowLogin(URI.create(server.url("/").toString()), "admin", "secret"),
                Clock.systemUTC(),
                new Backoff(3, Duration.ofMillis(1), Duration.ofSeconds(2)));
        answer(201, "{\"access_token\":\"t\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aReadIsRepeatedWhileTheServerHasTrouble() {
        answer(500, "{\"detail\":\"database is locked\"}");
        answer(503, "restarting");
        answer(200, RUN);
        assertThat(client.run("sweep", "r")).isPresent();
        assertThat(server.getRequestCount()).isEqualTo(4);
    }

    @Test
    void anAnswerWithoutEndIsGivenUpAndNotAskedForAgain() {
        for (int code : new int[] {200, 400}) {
            server.enqueue(new MockResponse.Builder()
                    .code(code)
                    .body(new MockResponseBody() {
                        @Override
                        public long getContentLength() {
                            return 10L << 30;
                        }

                        @Override
                        public void writeTo(BufferedSink sink) throws IOException {
                            for (int piece = 0; piece < 10 << 10; piece++) sink.write(new byte[1 << 20]);
                        }
                    })
                    .build());
            assertThatThrownBy(() -> client.run("sweep", "r"))
                    .isInstanceOf(TransientException.class)
                    .hasMessageContaining("the answer has more than 64 MiB");
        }
        assertThat(server.getRequestCount()).isEqualTo(3);
    }

    @Test
    void aReadIsRepeatedAfterABrokenConnection() {
        hangUp();
        answer(200, RUN);
        assertThat(client.run("sweep", "r")).isPresent();
    }

    @Test
    void aReadIsGivenUpAfterTheLastTry() {
        for (int i = 0; i < 3; i++) answer(502, "bad gateway");
        assertThatThrownBy(() -> client.run("sweep", "r"))
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("502");
        assertThat(server.getRequestCount()).isEqualTo(4);
    }

    @Test
    void anEmptyAnswerIsABrokenOne() {
        answer(200, "");
        answer(200, RUN);
        assertThat(client.run("sweep", "r")).isPresent();
        answer(200, "");
        assertThatThrownBy(() -> client.trigger("sweep", null, Map.of(), null))
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("the answer is empty");
    }

    @Test
    void aSettingIsRepeated() {
        answer(500, "{}");
        answer(200, RUN);
        client.setRunState("sweep", "r", RunState.FAILED);
        assertThat(server.getRequestCount()).isEqualTo(3);
    }

    @Test
    void aRunIsNotTriggeredTwice() {
        answer(500, "{\"detail\":\"after the run was made\"}");
        assertThatThrownBy(() -> client.trigger("sweep", null, Map.of(), null))
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("after the run was made");
        hangUp();
        assertThatThrownBy(() -> client.trigger("sweep", null, Map.of(), null)).isInstanceOf(TransientException.class);
        assertThat(server.getRequestCount()).isEqualTo(3);
    }

    @Test
    void tasksAreNotClearedTwice() {
        answer(503, "restarting");
        assertThatThrownBy(() -> client.clear(SWEEP, List.of(new TaskKey("plan", -1))))
                .isInstanceOf(TransientException.class);
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void aTriggerThatTheServerDidNotTakeIsRepeated() {
        answer(429, "{\"detail\":\"slow down\"}");
        answer(200, RUN);
        assertThat(client.trigger("sweep", null, Map.of(), null).runId()).isEqualTo("r");
    }

    /** The server makes the run, and its answer is cut off: asked again, it says that the id is taken. */
    @Test
    void aTriggerWhoseAnswerIsLostMakesNoSecondRun() {
        cutAnswer();
        answer(409, "{\"detail\":{\"reason\":\"Unique constraint violation\"}}");
        answer(200, "{\"dag_id\":\"sweep\",\"dag_run_id\":\"r\",\"state\":\"queued\",\"conf\":{\"limit\":20}}");
        DagRun run = client.trigger("sweep", "r", Map.of("limit", 20L), null);
        assertThat(run.state()).isEqualTo(RunState.QUEUED);
        assertThat(server.getRequestCount()).isEqualTo(4);
    }

    @Test
    void anIdThatSomebodyElseHasTakenIsNotTakenForOurs() {
        cutAnswer();
        answer(409, "{\"detail\":{\"reason\":\"Unique constraint violation\"}}");
        answer(200, "{\"dag_id\":\"sweep\",\"dag_run_id\":\"r\",\"state\":\"queued\",\"conf\":{\"limit\":30}}");
        assertThatThrownBy(() -> client.trigger("sweep", "r", Map.of("limit", 20), null))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Unique constraint violation");
    }

    @Test
    void aTriggerWithoutAnIdIsSentOnceAtMost() {
        cutAnswer();
        answer(200, RUN);
        assertThatThrownBy(() -> client.trigger("sweep", null, Map.of(), null)).isInstanceOf(TransientException.class);
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    private void cutAnswer() {
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build());
    }

    @Test
    void aServerThatAsksForALongPauseIsNotWaitedFor() {
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", "3")
                .body("{\"detail\":\"slow down\"}")
                .build());
        assertThatThrownBy(() -> client.run("sweep", "r")).isInstanceOf(TransientException.class);
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void aLoginIsRepeatedToo() {
        AirflowClient other = new AirflowClient(
                new AirflowLogin(URI.create(server.url("/").toString()), "admin", "secret"),
                Clock.systemUTC(),
                new Backoff(3, Duration.ofMillis(1), Duration.ofSeconds(2)));
        answer(200, RUN);
        assertThat(other.run("sweep", "r")).isPresent();
        answer(500, "{}");
        answer(201, "{\"access_token\":\"t\"}");
        answer(200, RUN);
        assertThat(client.run("sweep", "r")).isPresent();
        assertThat(server.getRequestCount()).isEqualTo(5);
    }

    private void answer(int code, String body) {
        server.enqueue(new MockResponse.Builder()
                .code(code)
                .addHeader("Content-Type", "application/json")
                .body(body)
                .build());
    }

    private void hangUp() {
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build());
    }
}
