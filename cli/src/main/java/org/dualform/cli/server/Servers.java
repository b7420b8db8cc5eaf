package org.dualform.cli.server;

import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.UsableFolder;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.DualformException;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;

/** Steps that several commands about the servers share. */
public final class Servers {
    /** The MLflow experiment of tasks, unless their DAG names another. */
    private static final String EXPERIMENT = "dualform";

    private Servers() {}

    /** Makes the two Python environments from their locks if they are missing or out of date. */
    public static void environments(Home home, Console console) {
        UsableFolder.check(home);
        Python python = Python.find(home);
        PythonEnvironment.mlflow(home).ensure(python, console);
        PythonEnvironment.airflow(home).ensure(python, console);
    }

    static void printAddresses(Stack stack, PrintWriter out) {
        stack.addresses().ifPresent(addresses -> {
            out.println("Airflow   " + addresses.airflow().url() + "   user "
                    + addresses.airflow().user() + ", password in " + stack.passwordFile());
            out.println("MLflow    " + addresses.mlflow());
            studies(addresses.mlflow()).ifPresent(page -> out.println("Studies   " + page));
        });
    }

    /** The page with the runs of all studies; empty if MLflow does not answer at once, or has no study yet. */
    private static Optional<URI> studies(URI address) {
        MlflowServer server = MlflowServer.of(address.toString(), System.getenv());
        try (Mlflow mlflow = Mlflow.connect(server, CallLimits.BRIEF)) {
            return mlflow.experiments()
                    .find(EXPERIMENT)
                    .map(id -> mlflow.links(id).experiment());
        } catch (DualformException e) {
            return Optional.empty();
        }
    }
}
