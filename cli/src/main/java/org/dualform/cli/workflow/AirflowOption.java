package org.dualform.cli.workflow;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.cli.machine.Home;
import org.dualform.cli.stack.Addresses;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.outcome.RunPlaces;
import org.dualform.contract.Proxies;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Chooses the Airflow server of a command: the local one, or the one that {@code --airflow} names. */
public final class AirflowOption {
    private static final String PASSWORD = "DUALFORM_AIRFLOW_PASSWORD";

    @Option(
            names = "--airflow",
            paramLabel = "http://HOST:PORT",
            order = 20,
            description = {
                "Use this Airflow instead of the one of './dualform up'.",
                "Its user's password is read from " + PASSWORD + "; links to MLflow need MLFLOW_TRACKING_URI."
            })
    private @Nullable String url;

    @Option(
            names = "--airflow-user",
            paramLabel = "NAME",
            order = 21,
            description = "The user who signs in there. Default: DUALFORM_AIRFLOW_USER, else admin.")
    private @Nullable String user;

    @Option(
            names = "--workspace",
            paramLabel = "DIR",
            order = 22,
            description = "The folder that Airflow's tasks share, where results are read from. Default: the local one.")
    private @Nullable Path workspace;

    boolean isLocal() {
        return url == null;
    }

    /** Makes a client for the server. It sends no request yet. */
    RunPlaces connect() {
        return connect(System.getenv());
    }

    RunPlaces connect(Map<String, String> environment) {
        String named = url;
        if (named == null) {
            if (user != null) throw UserException.usage("--airflow-user needs --airflow.");
            return local(new Stack(Home.find(), Console.standard()), workspace);
        }
        AirflowLogin login = new AirflowLogin(address(named), user(environment), password(environment));
        return new RunPlaces(
                new AirflowClient(login, Proxies.of(environment)),
                "user " + login.user(),
                MlflowServer.fromEnvironment(environment).orElse(null),
                workspace != null ? workspace : Home.find().workspace());
    }

    /** The servers of {@code ./dualform up}. */
    public static RunPlaces local(Stack stack, @Nullable Path workspace) {
        Addresses addresses = stack.addresses()
                .orElseThrow(() -> UserException.config("The servers were never started. ./dualform up starts them, or"
                        + " --airflow names another Airflow."));
        AirflowLogin login = addresses.airflow();
        return new RunPlaces(
                new AirflowClient(login),
                "user " + login.user() + ", password in " + stack.passwordFile(),
                MlflowServer.of(addresses.mlflow().toString(), System.getenv()),
                workspace != null ? workspace : Home.find().workspace());
    }

    private String user(Map<String, String> environment) {
        String name = user != null ? user : environment.getOrDefault("DUALFORM_AIRFLOW_USER", "");
        return name.isBlank() ? "admin" : name;
    }

    private static String password(Map<String, String> environment) {
        String password = environment.getOrDefault(PASSWORD, "");
        if (password.isEmpty()) {
            throw UserException.config("--airflow needs the password of its user in the environment variable "
                    + PASSWORD + ", which is not set. It is no option, so that no process list shows it.");
        }
        return password;
    }

    private static URI address(String text) {
        try {
            URI uri = new URI(text.strip());
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // The message below reports it.
        }
        throw UserException.usage(
                "--airflow must be written as http://HOST:PORT, without a user name in it; it is '" + text + "'.");
    }
}
