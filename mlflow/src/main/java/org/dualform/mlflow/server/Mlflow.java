package org.dualform.mlflow.server;

import org.dualform.contract.DualformException;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowHttp;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.page.Links;
import org.dualform.mlflow.page.Views;
import org.dualform.mlflow.rest.MlflowApi;

/**
 * One MLflow server. Every call has a deadline, and what cannot be done throws a {@link DualformException}. A task that
 * must not fail because of the server uses {@code Tracker} instead.
 *
 * <pre>{@code
 * try (Mlflow mlflow = Mlflow.connect(MlflowServer.of("http://127.0.0.1:5000", System.getenv()))) {
 *     for (RunView run : mlflow.runs().ofStudy("dualform", "my study")) System.out.println(run.name());
 * }
 * }</pre>
 */
public final class Mlflow implements AutoCloseable {
    private final MlflowHttp http;
    private final MlflowApi api;
    private final Experiments experiments;
    private final Runs runs;
    private final Artifacts artifacts;

    private Mlflow(MlflowHttp http) {
        this.http = http;
        this.api = new MlflowApi(http);
        this.experiments = new Experiments(api);
        this.artifacts = new Artifacts(api);
        this.runs = new Runs(api, experiments, artifacts);
    }

    /** Opens no connection yet. */
    public static Mlflow connect(MlflowServer server, CallLimits limits) {
        return new Mlflow(new MlflowHttp(server, limits));
    }

    public static Mlflow connect(MlflowServer server) {
        return connect(server, CallLimits.NORMAL);
    }

    public MlflowServer server() {
        return http.server();
    }

    /**
     * The version of the server. Proves that the server is there, is MLflow, and lets us in.
     *
     * @throws DualformException by what can be done about it
     */
    public String check() {
        String version = api.version();
        experiments.find("Default");
        return version;
    }

    public Experiments experiments() {
        return experiments;
    }

    public Runs runs() {
        return runs;
    }

    public Artifacts artifacts() {
        return artifacts;
    }

    public Views views() {
        return new Views(api);
    }

    public Links links(String experimentId) {
        return new Links(server().base(), experimentId);
    }

    public MlflowApi api() {
        return api;
    }

    @Override
    public void close() {
        http.close();
    }
}
