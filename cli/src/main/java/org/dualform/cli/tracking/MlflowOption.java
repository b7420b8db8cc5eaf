package org.dualform.cli.tracking;

import java.net.URI;
import java.util.Optional;
import org.dualform.cli.machine.Home;
import org.dualform.cli.stack.Addresses;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Chooses the MLflow server of a command: the one named, or else the environment's, or else the local one. */
final class MlflowOption {
    @Option(
            names = "--uri",
            paramLabel = "URI",
            description = {
                "MLflow server, as http://HOST:PORT.",
                "Default: MLFLOW_TRACKING_URI, else the server that './dualform up' started. A token is read from "
                        + "MLFLOW_TRACKING_TOKEN."
            })
    private @Nullable String uri;

    MlflowServer server() {
        if (uri != null) {
            return MlflowServer.of(uri, System.getenv());
        }
        return MlflowServer.fromEnvironment(System.getenv())
                .or(() -> local().map(address -> MlflowServer.of(address.toString(), System.getenv())))
                .orElseThrow(() -> UserException.usage("No MLflow server is known. Name one with --uri or "
                        + "MLFLOW_TRACKING_URI, or start one with ./dualform up."));
    }

    /**
     * Checks that the server answers.
     *
     * @throws TransientException if it cannot be reached; the message says how to start it, or how to name another
     */
    void check(Mlflow mlflow) {
        try {
            mlflow.check();
        } catch (TransientException e) {
            URI asked = URI.create(mlflow.server().base().toString());
            boolean ours = local().filter(address -> sameServer(address, asked)).isPresent();
            throw new TransientException(
                    e.getMessage()
                            + (ours
                                    ? " It is the server of this project: ./dualform up starts it."
                                    : " Start it, or name another with --uri or MLFLOW_TRACKING_URI; ./dualform up"
                                            + " starts one here."),
                    e);
        }
    }

    private static boolean sameServer(URI one, URI other) {
        return one.getPort() == other.getPort() && String.valueOf(one.getHost()).equals(other.getHost());
    }

    private static Optional<URI> local() {
        return System.getenv("DUALFORM_ROOT") == null
                ? Optional.empty()
                : new Stack(Home.find(), Console.standard()).addresses().map(Addresses::mlflow);
    }
}
