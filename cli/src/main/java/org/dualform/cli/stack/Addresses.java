package org.dualform.cli.stack;

import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.cli.machine.Home;
import org.jspecify.annotations.Nullable;

/**
 * Where the local servers are, and who may ask.
 *
 * @param airflow the address, with the user and the password
 */
public record Addresses(URI mlflow, AirflowLogin airflow) {

    /** As the servers were started last; empty if they never were. */
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
