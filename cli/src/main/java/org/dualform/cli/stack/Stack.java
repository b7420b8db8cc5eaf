package org.dualform.cli.stack;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.cli.machine.Fingerprint;
import org.dualform.cli.machine.FolderLock;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.Shell;
import org.dualform.cli.machine.Stamp;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.jspecify.annotations.Nullable;

/** The local servers as a whole: MLflow and Airflow's four components. */
public final class Stack {
    /** Stopped in this order: what starts tasks first, what they report to last. */
    static final List<String> SERVERS = List.of("scheduler", "dag-processor", "triggerer", "api-server", "mlflow");

    private static final Duration READY = Duration.ofMinutes(4);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Home home;
    private final Console console;
    private final Map<String, ServerProcess> servers = new HashMap<>();

    public Stack(Home home, Console console) {
        this.home = home;
        this.console = console;
        SERVERS.forEach(name -> servers.put(name, new ServerProcess(home, name)));
    }

    ServerProcess server(String name) {
        ServerProcess server = servers.get(name);
        if (server == null) {
            throw new IllegalArgumentException(name);
        }
        return server;
    }

    /** True if every server runs. */
    public boolean isUp() {
        return servers.values().stream().allMatch(ServerProcess::isRunning);
    }

    /** Starts what does not run and waits until it works; what runs already is left alone. */
    public void up() {
        home.make();
        Python python = Python.find(home);
        try (FolderLock held = FolderLock.take(home.run().resolve("lock"), "with the servers", console)) {
            clearAway();
            Secrets secrets = Secrets.readOrMake(home);
            Ports ports = new Ports(home);
            int mlflowPort = port(ports, "mlflow", "DUALFORM_MLFLOW_PORT");
            int airflowPort = port(ports, "api-server", "DUALFORM_AIRFLOW_PORT");
            Map<String, String> settings =
                    new HashMap<>(AirflowSettings.of(home, secrets, airflowPort, local(mlflowPort), parallelism()));
            settings.put(Strays.MARK, home.state().toString());

            startMlflow(python, mlflowPort);
            migrate(settings);
            startAirflow(python, "dag-processor", settings, "dag-processor");
            startAirflow(
                    python,
                    "api-server",
                    settings,
                    "api-server",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    String.valueOf(airflowPort),
                    "--workers",
                    "1");
            await("api-server", local(airflowPort).resolve("/api/v2/version"));
            // Only now: a scheduler that finds no API server burns its tasks' retries. Logs are read from the disk,
            // so the log servers, which listen on every interface, are left out.
            startAirflow(python, "scheduler", settings, "scheduler", "--skip-serve-logs");
            startAirflow(python, "triggerer", settings, "triggerer", "--skip-serve-logs");
            await("mlflow", local(mlflowPort).resolve("/health"));
            AirflowClient client = new AirflowClient(login(secrets, airflowPort));
            awaitHealth(client, "scheduler", "scheduler");
            awaitHealth(client, "dag-processor", "dag_processor");
        } catch (DualformException e) {
            console.clear();
            throw e;
        }
    }

    /** Ends what was left by servers that died, so that nothing works beside their successors. */
    private void clearAway() {
        List<ServerProcess> dead =
                servers.values().stream().filter(ServerProcess::died).toList();
        if (dead.isEmpty()) {
            return;
        }
        console.say(
                "  " + String.join(", ", dead.stream().map(ServerProcess::name).toList())
                        + " ended unexpectedly before; starting again");
        dead.forEach(ServerProcess::kill);
        boolean schedulerDied = dead.stream().anyMatch(server -> server.name().equals("scheduler"));
        if (schedulerDied) {
            endStrays(except());
        }
        dead.forEach(ServerProcess::forget);
    }

    private List<Long> except() {
        List<Long> living = new ArrayList<>();
        servers.values()
                .forEach(server -> server.running().ifPresent(leader -> {
                    living.add(leader.pid());
                    leader.descendants().forEach(child -> living.add(child.pid()));
                }));
        return living;
    }

    private static URI local(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private int port(Ports ports, String server, String variable) {
        Integer recorded = ports.recorded(server);
        return server(server).isRunning() && recorded != null ? recorded : ports.choose(server, variable);
    }

    /** Tasks at the same time: as many as cores, at least two so that small ones pass while a large one runs. */
    private static int parallelism() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    private void startMlflow(Python python, int port) {
        ServerProcess server = server("mlflow");
        if (server.isRunning()) {
            return;
        }
        PythonEnvironment environment = PythonEnvironment.mlflow(home);
        Path folder = home.mlflowHome();
        Map<String, String> settings = new HashMap<>();
        settings.put("MLFLOW_DISABLE_TELEMETRY", "true");
        settings.put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
        settings.put("MLFLOW_TRACKING_URI", "");
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
                        "sqlite:///" + folder.resolve("mlflow.db"),
                        "--artifacts-destination",
                        folder.resolve("artifacts").toString()),
                folder,
                settings);
    }

    private String path(PythonEnvironment environment) {
        return environment.folder().resolve("bin") + ":" + home.environment().getOrDefault("PATH", "");
    }

    /** Makes or updates Airflow's database; once for each version of the environment. */
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

    private void startAirflow(Python python, String name, Map<String, String> settings, String... command) {
        ServerProcess server = server(name);
        if (server.isRunning()) {
            return;
        }
        PythonEnvironment environment = PythonEnvironment.airflow(home);
        List<String> full = new ArrayList<>();
        full.add(environment.program("airflow").toString());
        full.addAll(List.of(command));
        Map<String, String> all = new HashMap<>(settings);
        all.put("PATH", path(environment));
        server.start(python, full, home.airflowHome(), all);
    }

    private void await(String name, URI url) {
        BooleanSupplier ready = () -> {
            // One that cannot start is told now, not when its turn comes.
            servers.values().stream().filter(ServerProcess::died).findFirst().ifPresent(died -> {
                throw Wait.stopped(died);
            });
            return Wait.answers(url);
        };
        Wait.until(ready, server(name), READY, console);
        console.say("  " + name + " is ready");
    }

    private void awaitHealth(AirflowClient client, String name, String component) {
        Wait.until(() -> healthy(client, component), server(name), READY, console);
        console.say("  " + name + " is ready");
    }

    private static boolean healthy(AirflowClient client, String component) {
        try {
            return "healthy".equals(client.health().get(component));
        } catch (TransientException e) {
            return false;
        }
    }

    /** Stops every server and every task they run. */
    public void down() {
        home.make();
        try (FolderLock held = FolderLock.take(home.run().resolve("lock"), "with the servers", console)) {
            List<ServerProcess> ordered = SERVERS.stream().map(this::server).toList();
            // Tasks that are cancelled tell MLflow and Airflow so: these stay a moment longer.
            List<ServerProcess> first = ordered.subList(0, 3);
            List<ServerProcess> last = ordered.subList(3, ordered.size());
            end(first, strays());
            end(last, List.of());
            endStrays(List.of());
            ordered.forEach(ServerProcess::forget);
        }
    }

    private List<ProcessHandle> strays() {
        List<Long> servers = except();
        return Strays.of(home).stream()
                .filter(process -> !servers.contains(process.pid()))
                .toList();
    }

    private void end(List<ServerProcess> group, List<ProcessHandle> strays) {
        group.forEach(ServerProcess::terminate);
        strays.forEach(ProcessHandle::destroy);
        long start = System.nanoTime();
        while (group.stream().anyMatch(server -> !server.isGone()) && System.nanoTime() - start < GRACE.toNanos()) {
            console.progress("  stopping "
                    + String.join(
                            ", ",
                            group.stream()
                                    .filter(server -> !server.isGone())
                                    .map(ServerProcess::name)
                                    .toList()));
            Wait.pause();
        }
        console.clear();
        group.stream().filter(server -> !server.isGone()).forEach(ServerProcess::kill);
    }

    private void endStrays(List<Long> spared) {
        List<ProcessHandle> left = Strays.of(home).stream()
                .filter(process -> !spared.contains(process.pid()))
                .toList();
        left.forEach(ProcessHandle::destroy);
        long start = System.nanoTime();
        while (left.stream().anyMatch(ProcessHandle::isAlive)
                && System.nanoTime() - start < Duration.ofSeconds(4).toNanos()) {
            Wait.pause();
        }
        left.forEach(ProcessHandle::destroyForcibly);
    }

    /** Where the servers are and who may ask; empty if they were never started. */
    public Optional<Addresses> addresses() {
        Ports ports = new Ports(home);
        @Nullable Integer mlflow = ports.recorded("mlflow");
        @Nullable Integer airflow = ports.recorded("api-server");
        if (mlflow == null || airflow == null || !Files.exists(Secrets.passwords(home))) {
            return Optional.empty();
        }
        return Optional.of(new Addresses(local(mlflow), login(Secrets.readOrMake(home), airflow)));
    }

    private static AirflowLogin login(Secrets secrets, int port) {
        return new AirflowLogin(local(port), Secrets.USER, secrets.password());
    }

    /** Each server's name, and its process id if it runs. */
    public Map<String, Optional<Long>> states() {
        Map<String, Optional<Long>> states = new java.util.LinkedHashMap<>();
        SERVERS.forEach(name -> states.put(name, server(name).running().map(ProcessHandle::pid)));
        return states;
    }

    /** The file that a server writes its output to. */
    public Path log(String name) {
        return server(name).log();
    }

    /** The file that holds the password of Airflow's user. */
    public Path passwordFile() {
        return Secrets.passwords(home);
    }

    /** Addresses of running servers. */
    public record Addresses(URI mlflow, AirflowLogin airflow) {}
}
