package org.dualform.mlflow;

import org.dualform.contract.DualformException;

/**
 * One MLflow server, each call with a deadline and typed failures ({@link DualformException}). Strict: what cannot be
 * done throws. {@link Tracker} is for what must not disturb a task.
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
        this.runs = new Runs(api, experiments);
        this.artifacts = new Artifacts(api);
    }

    /** Opens no connection yet. */
    public static Mlflow connect(MlflowServer server, Patience patience) {
        return new Mlflow(new MlflowHttp(server, patience));
    }

    public static Mlflow connect(MlflowServer server) {
        return connect(server, Patience.NORMAL);
    }

    public MlflowServer server() {
        return http.server();
    }

    /**
     * The server's version; proves that it is there, is MLflow, and lets us in.
     *
     * @throws DualformException typed by what to do about it
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

    MlflowApi api() {
        return api;
    }

    @Override
    public void close() {
        http.close();
    }
}
