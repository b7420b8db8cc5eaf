package org.dualform.cli.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.UsableFolder;
import org.dualform.cli.output.Check;
import org.dualform.cli.output.CheckList;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.stack.Wait;
import org.dualform.contract.DualformException;

/** The checks of {@code dualform doctor}. Each one that fails says what to do. */
public final class Checks {
    private static final long GIB = 1L << 30;
    private static final double DISK_GIB = 4;
    private static final double MEMORY_GIB = 4;

    private final Home home;
    private final Stack stack;
    private final CheckList checks = new CheckList();

    public Checks(Home home, Stack stack) {
        this.home = home;
        this.stack = stack;
    }

    public List<Check> all() {
        machine();
        python();
        files();
        if (!stack.died().isEmpty() || stack.states().values().stream().anyMatch(Optional::isPresent)) {
            servers();
        } else {
            checks.good("servers", "not started");
        }
        return checks.all();
    }

    private void machine() {
        checks.good("Java", System.getProperty("java.version", "") + " (" + System.getProperty("java.home", "") + ")");
        checks.good("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        memory();
        disk();
        for (UsableFolder folder : UsableFolder.of(home)) {
            Optional<String> lack = folder.lack();
            checks.judge(
                    folder.what(),
                    folder.folder().toString(),
                    lack.isEmpty(),
                    lack.orElse("") + " " + UsableFolder.WAY_OUT);
        }
    }

    private void memory() {
        Path file = Path.of("/proc/meminfo");
        if (!Files.isReadable(file)) {
            return;
        }
        try {
            double available = Files.readAllLines(file).stream()
                            .filter(line -> line.startsWith("MemAvailable:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    / (double) (1 << 20);
            checks.judge(
                    "memory",
                    gib(available) + " available",
                    available >= MEMORY_GIB || stack.isUp(),
                    "The servers and two tasks need about " + gib(MEMORY_GIB) + "; end other programs.");
        } catch (IOException e) {
            checks.good("memory", "unknown");
        }
    }

    private void disk() {
        try {
            Path place = home.state();
            while (!Files.exists(place) && place.getParent() != null) {
                place = place.getParent();
            }
            double free = Files.getFileStore(place).getUsableSpace() / (double) GIB;
            checks.judge(
                    "disk",
                    gib(free) + " free at " + home.state(),
                    free >= DISK_GIB,
                    "Environments and results need about " + gib(DISK_GIB)
                            + "; free some, or name another folder by DUALFORM_HOME.");
        } catch (IOException e) {
            checks.bad("disk", e.getMessage() + "", "Name a folder that can be written by DUALFORM_HOME.");
        }
    }

    private void python() {
        Python python;
        try {
            python = Python.find(home);
        } catch (DualformException e) {
            checks.bad("Python", "not usable", e.getMessage() + "");
            return;
        }
        checks.good("Python", python.version() + " (" + python.command() + ")");
        for (PythonEnvironment environment : List.of(PythonEnvironment.airflow(home), PythonEnvironment.mlflow(home))) {
            boolean ready = environment.isReady(python);
            checks.judge(
                    environment.name() + " environment",
                    ready ? environment.folder().toString() : "missing or out of date",
                    ready,
                    "./dualform environments installs it (./dualform up and demo do so by themselves).");
        }
    }

    private void files() {
        Path jar = Path.of(home.environment()
                .getOrDefault(
                        "DUALFORM_JAR",
                        home.root().resolve("tasks/target/dualform-task.jar").toString()));
        checks.judge(
                "task jar",
                jar.toString(),
                Files.isRegularFile(jar),
                "Unset DUALFORM_JAR to use the one that ./dualform builds, or correct it.");
        Path model = home.root().resolve("models/mini/config.json");
        checks.judge(
                "built-in model",
                model.getParent() + "",
                Files.isRegularFile(model),
                "./dualform pretrain --recipe models/mini/recipe.yaml makes it.");
    }

    private void servers() {
        stack.states()
                .forEach((name, pid) -> checks.judge(
                        name,
                        pid.map(id -> "process " + id).orElse("does not run"),
                        pid.isPresent(),
                        "./dualform up starts it again; its log is " + stack.log(name)));
        stack.addresses().ifPresent(addresses -> {
            checks.judge(
                    "MLflow answers",
                    addresses.mlflow().toString(),
                    Wait.answers(addresses.mlflow().resolve("/health")),
                    "./dualform logs mlflow shows why not.");
            AirflowClient client = new AirflowClient(addresses.airflow());
            checks.asked("Airflow answers", () -> addresses.airflow().url() + ", version " + client.version());
            checks.asked(
                    "Airflow log-in",
                    () -> "user " + addresses.airflow().user() + ", "
                            + client.dags().size() + " DAGs");
            health(client);
            importErrors(client);
        });
    }

    private void health(AirflowClient client) {
        try {
            for (Map.Entry<String, String> component : client.health().entrySet()) {
                checks.judge(
                        component.getKey(),
                        component.getValue(),
                        component.getValue().equals("healthy"),
                        "./dualform logs " + component.getKey().replace('_', '-') + " shows why; ./dualform down and up"
                                + " start it anew.");
            }
        } catch (DualformException e) {
            checks.bad("Airflow health", "unknown", e.getMessage() + "");
        }
    }

    private void importErrors(AirflowClient client) {
        try {
            Map<String, String> errors = client.importErrors();
            checks.judge(
                    "DAG files",
                    errors.isEmpty() ? "all read" : "not read: " + String.join(", ", errors.keySet()),
                    errors.isEmpty(),
                    errors.values().stream().findFirst().map(Checks::lastLine).orElse("See the home page of Airflow."));
        } catch (DualformException e) {
            checks.bad("DAG files", "unknown", e.getMessage() + "");
        }
    }

    private static String lastLine(String stackTrace) {
        String text = stackTrace.strip();
        return text.substring(text.lastIndexOf('\n') + 1).strip()
                + " Correct the file; it is read again within half a minute.";
    }

    private static String gib(double size) {
        return String.format(Locale.ROOT, "%.1f GiB", size);
    }
}
