package org.dualform.cli.stack;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.dualform.airflow.AirflowClient;
import org.dualform.cli.machine.Fingerprint;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.Shell;
import org.dualform.cli.machine.Stamp;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.task.source.Reach;

/** Starts the servers that do not run, and waits until each of them works. */
final class StackStart {
    private static final Duration READY = Duration.ofMinutes(4);

    private final Home home;
    private final ServerSet servers;
    private final Console console;
    private final Python python;

    StackStart(Home home, ServerSet servers, Console console) {
        this.home = home;
        this.servers = servers;
        this.console = console;
        this.python = Python.find(home);
    }

    void all() {
        Secrets secrets = Secrets.readOrMake(home);
        Ports ports = new Ports(home);
        int mlflowPort = port(ports, ServerSet.MLFLOW, "DUALFORM_MLFLOW_PORT");
        int airflowPort = port(ports, ServerSet.API_SERVER, "DUALFORM_AIRFLOW_PORT");
        Addresses addresses = Addresses.of(mlflowPort, airflowPort, secrets);
        Map<String, String> settings =
                new HashMap<>(AirflowSettings.of(home, secrets, airflowPort, addresses.mlflow(), parallelism()));
        settings.put(Strays.MARK, home.state().toString());
        settings.putAll(ServerEnvironment.roots(home));
        settings.put(Reach.VARIABLE, ServerEnvironment.paths(home));

        startMlflow(mlflowPort);
        migrate(settings);
        startAirflow(ServerSet.DAG_PROCESSOR, settings);
        startAirflow(
                ServerSet.API_SERVER,
                settings,
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(airflowPort),
                "--workers",
                "1");
        await(ServerSet.API_SERVER, addresses.airflow().url().resolve("/api/v2/version"));
        // The scheduler starts after the API server, since without it a scheduler uses up its tasks' retries. Logs are
        // read from the disk. The log servers are left out, because they listen on every interface.
        startAirflow(ServerSet.SCHEDULER, settings, "--skip-serve-logs");
        startAirflow(ServerSet.TRIGGERER, settings, "--skip-serve-logs");
        await(ServerSet.MLFLOW, addresses.mlflow().resolve("/health"));
        AirflowClient client = new AirflowClient(addresses.airflow());
        awaitHealth(client, ServerSet.SCHEDULER, "scheduler");
        awaitHealth(client, ServerSet.DAG_PROCESSOR, "dag_processor");
    }

    private int port(Ports ports, String server, String variable) {
        Integer recorded = ports.recorded(server);
        return servers.get(server).isRunning() && recorded != null ? recorded : ports.choose(server, variable);
    }

    /**
     * The number of tasks that run at the same time: the number of cores, but at least two. A small task then need not
     * wait for a large one.
     */
    private static int parallelism() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    private void startMlflow(int port) {
        ServerProcess server = servers.get(ServerSet.MLFLOW);
        if (server.isRunning()) {
            return;
        }
        PythonEnvironment environment = PythonEnvironment.mlflow(home);
        Path folder = home.mlflowHome();
        Map<String, String> settings = new HashMap<>();
        settings.put("MLFLOW_DISABLE_TELEMETRY", "true");
        settings.put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
        settings.put("MLFLOW_TRACKING_URI", "");
        settings.putAll(ProxyBypass.of(home.environment()));
        settings.put("PYTHONDONTWRITEBYTECODE", "");
        settings.put("PATH", path(environment));
        settings.put(Strays.MARK, home.state().toString());
        server.start(
                python,
                List.of(
                        environment.program("mlflow").toString(),
                        "server",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--workers",
                        "1",
                        "--backend-store-uri",
                        // In the server's working folder. Of a longer path MLflow makes the folders undecoded.
                        "sqlite:///mlflow.db",
                        "--artifacts-destination",
                        Uris.file(folder.resolve("artifacts"))),
                folder,
                settings);
    }

    private String path(PythonEnvironment environment) {
        return environment.folder().resolve("bin") + ":" + home.environment().getOrDefault("PATH", "");
    }

    /** Creates or updates Airflow's database, once for each version of the environment. */
    private void migrate(Map<String, String> settings) {
        Path log = home.logs().resolve("airflow-migrate.log");
        Path database = home.airflowHome().resolve("airflow.db");
        PythonEnvironment environment = PythonEnvironment.airflow(home);
        Stamp stamp = new Stamp(
                home.airflowHome().resolve("migrated.stamp"),
                new Fingerprint()
                        .files(home.root().resolve("operators/airflow.lock.txt"))
                        .hex());
        if (Files.exists(database) && stamp.matches()) {
            return;
        }
        console.progress("  airflow: making its database");
        int code = Shell.run(
                List.of(environment.program("airflow").toString(), "db", "migrate"), home.airflowHome(), settings, log);
        if (code != 0) {
            throw new PermanentException(
                    "Airflow could not make its database (log: " + log + "):" + Shell.tail(log, 15), null);
        }
        stamp.write();
    }

    /** Starts a component of Airflow. Its subcommand in Airflow is the server's name here. */
    private void startAirflow(String name, Map<String, String> settings, String... options) {
        ServerProcess server = servers.get(name);
        if (server.isRunning()) {
            return;
        }
        PythonEnvironment environment = PythonEnvironment.airflow(home);
        List<String> full = new ArrayList<>();
        full.add(environment.program("airflow").toString());
        full.add(name);
        full.addAll(List.of(options));
        Map<String, String> all = new HashMap<>(settings);
        all.put("PATH", path(environment));
        if (name.equals(ServerSet.SCHEDULER)) ServerEnvironment.record(home);
        server.start(python, full, home.airflowHome(), all);
    }

    private void await(String name, URI url) {
        BooleanSupplier ready = () -> {
            // Any server that died is reported now, not only when its own turn comes.
            servers.died().stream().findFirst().ifPresent(died -> {
                throw Wait.stopped(died);
            });
            return Wait.answers(url);
        };
        Wait.until(ready, servers.get(name), READY, console);
        console.say("  " + name + " is ready");
    }

    private void awaitHealth(AirflowClient client, String name, String component) {
        Wait.until(() -> healthy(client, component), servers.get(name), READY, console);
        console.say("  " + name + " is ready");
    }

    private static boolean healthy(AirflowClient client, String component) {
        try {
            return "healthy".equals(client.health().get(component));
        } catch (TransientException e) {
            return false;
        }
    }
}
