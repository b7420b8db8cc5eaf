package org.dualform.cli.stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.dualform.cli.machine.Shell;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.TransientException;

/** Waits until servers work. */
public final class Wait {
    private static final Duration STEP = Duration.ofMillis(200);

    private Wait() {}

    /**
     * Waits until {@code ready} is true, and shows the time that it takes.
     *
     * @throws TransientException if the process dies, or after {@code limit}; the message has the end of its log
     */
    static void until(BooleanSupplier ready, ServerProcess server, Duration limit, Console console) {
        long start = System.nanoTime();
        while (!ready.getAsBoolean()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (!server.isRunning()) throw stopped(server);
            if (waited.compareTo(limit) > 0) {
                throw new TransientException(
                        server.name() + " was not ready within " + Console.seconds(limit) + ". The end of its log ("
                                + server.log() + "):" + Shell.tail(server.log(), 15),
                        null);
            }
            console.progress("  " + server.name() + ": starting, " + waited.toSeconds() + " s");
            pause();
        }
        console.clear();
    }

    static TransientException stopped(ServerProcess server) {
        return new TransientException(
                server.name()
                        + " stopped while it started. Fix what the end of its log says and run the same command again"
                        + " (" + server.log() + "):" + Shell.tail(server.log(), 15),
                null);
    }

    static void pause() {
        try {
            Thread.sleep(STEP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException("Interrupted while waiting for a server.", e);
        }
    }

    /** True if GET answers 200 within a few seconds. */
    public static boolean answers(URI url) {
        HttpRequest request =
                HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(5)).build();
        try {
            HttpResponse<InputStream> answer = HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(2))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close(); // unread: whatever listens on the port may send without end
            return answer.statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
