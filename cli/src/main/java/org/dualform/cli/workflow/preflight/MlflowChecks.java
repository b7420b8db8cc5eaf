package org.dualform.cli.workflow.preflight;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.dualform.airflow.AirflowSite;
import org.dualform.cli.output.CheckList;
import org.dualform.contract.DualformException;
import org.dualform.contract.Proxies;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.jspecify.annotations.Nullable;

/** What a study needs of MLflow: that it answers, lets this user in, and has the same time. */
final class MlflowChecks {
    private static final String OLDEST = "3";

    private MlflowChecks() {}

    /** @param server null where none is known here */
    static void all(@Nullable MlflowServer server, Proxies proxies, CheckList checks) {
        if (server == null) {
            checks.good("MLflow", "not looked at: MLFLOW_TRACKING_URI names none here");
            return;
        }
        try (Mlflow mlflow = Mlflow.connect(server, CallLimits.BRIEF)) {
            String version = mlflow.check();
            checks.judge(
                    "MLflow",
                    version + " at " + server.base(),
                    version.matches("[3-9]\\..*"),
                    "Dualform needs MLflow " + OLDEST + " or newer: upgrade the server.");
            clock(server.base(), proxies, checks);
        } catch (DualformException e) {
            checks.bad("MLflow", "no", e.getMessage() + "");
        }
    }

    private static void clock(URI base, Proxies proxies, CheckList checks) {
        // Without a sign-in: every MLflow answers this.
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/health"))
                .timeout(Duration.ofSeconds(5))
                .build();
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(proxies)
                .build();
        try {
            Instant before = Instant.now();
            HttpResponse<Void> answer = client.send(request, HttpResponse.BodyHandlers.discarding());
            Instant after = Instant.now();
            AirflowSite.date(answer.headers().firstValue("date").orElse(null))
                    .ifPresent(there -> ServerClock.judge(checks, "MLflow", there, before, after));
        } catch (IOException e) {
            checks.good("MLflow clock", "unknown: its address gives no time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
