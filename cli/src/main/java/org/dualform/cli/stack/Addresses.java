package org.dualform.cli.stack;

import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.cli.machine.Home;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of the local servers, and the login for Airflow.
 *
 * @param airflow the address with the user's name and password
 */
public record Addresses(URI mlflow, AirflowLogin airflow) {

    /** The addresses of the last start; empty if the servers never started. */
    static Optional<Addresses> find(Home home) {
        Ports ports = new Ports(home);
        @Nullable Integer mlflow = ports.recorded(ServerSet.MLFLOW);
        @Nullable Integer airflow = ports.recorded(ServerSet.API_SERVER);
        if (mlflow == null || airflow == null || !Files.exists(Secrets.passwords(home))) return Optional.empty();
        return Optional.of(of(mlflow, airflow, Secrets.readOrMake(home)));
    }

    static Addresses of(int mlflowPort, int airflowPort, Secrets secrets) {
        return new Addresses(local(mlflowPort), new AirflowLogin(local(airflowPort), Secrets.USER, secrets.password()));
    }

    private static URI local(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }
}
