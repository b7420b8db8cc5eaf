package org.dualform.cli.tracking;

import java.net.URI;
import java.util.Optional;
import org.dualform.cli.machine.Home;
import org.dualform.cli.stack.Addresses;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowServer;
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

    private static Optional<URI> local() {
        return System.getenv("DUALFORM_ROOT") == null
                ? Optional.empty()
                : new Stack(Home.find(), Console.standard()).addresses().map(Addresses::mlflow);
    }
}
