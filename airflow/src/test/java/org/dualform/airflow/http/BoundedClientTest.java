package org.dualform.airflow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that no answer is read without end. */
class BoundedClientTest {
    private static final int MOST = 1 << 20;

    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private byte[] get(Duration time) throws Exception {
        HttpClient client = new BoundedClient(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), MOST, time);
        HttpRequest request = HttpRequest.newBuilder(server.url("/").uri()).build();
        try (InputStream body =
                client.send(request, BodyHandlers.ofInputStream()).body()) {
            return body.readAllBytes();
        }
    }

    @Test
    void aBodyWithinTheBoundsComesWhole() throws Exception {
        server.enqueue(new MockResponse.Builder().body("x".repeat(MOST)).build());
        assertThat(get(Duration.ofMinutes(1))).hasSize(MOST);
    }

    @Test
    void aBodyWithoutEndIsGivenUp() {
        server.enqueue(new MockResponse.Builder()
                .body(new MockResponseBody() {
                    @Override
                    public long getContentLength() {
                        return 10L << 30;
                    }

                    @Override
                    public void writeTo(BufferedSink sink) throws IOException {
                        for (int piece = 0; piece < 10 << 10; piece++) sink.write(new byte[MOST]);
                    }
                })
                .build());
        assertThatThrownBy(() -> get(Duration.ofMinutes(1)))
                .rootCause()
                .isInstanceOf(TooLongException.class)
                .hasMessage("the answer has more than 1 MiB");
    }

    /** Java's own timeout ends with the headers of an answer. */
    @Test
    void aBodyThatStallsIsGivenUp() {
        server.enqueue(new MockResponse.Builder()
                .body("half of it")
                .onResponseBody(SocketEffect.Stall.INSTANCE)
                .build());
        assertThatThrownBy(() -> get(Duration.ofMillis(300))).rootCause().isInstanceOf(HttpTimeoutException.class);
    }
}
