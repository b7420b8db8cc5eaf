package org.dualform.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dualform.cli.machine.Home;
import org.dualform.cli.output.Check;
import org.dualform.cli.python.Python;
import org.dualform.cli.stack.Ports;
import org.dualform.cli.stack.Secrets;
import org.dualform.cli.stack.ServerProcess;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.HeardConsole;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {
    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeLocks() throws IOException {
        for (String lock : List.of("operators/airflow.lock.txt", "mlflow/server.lock.txt")) {
            Files.createDirectories(folder.resolve(lock).getParent());
            Files.writeString(folder.resolve(lock), "");
        }
    }

    @Test
    void onAFreshMachineEachLackHasAWayOut() {
        assertThat(lacks())
                .containsKeys("airflow environment", "mlflow environment", "task jar", "built-in model")
                .doesNotContainKeys("Java", "processors", "Python", "servers");
        assertThat(lacks().get("mlflow environment")).contains("./dualform environments");
        assertThat(lacks().get("built-in model")).contains("./dualform pretrain");
        assertThat(found("servers")).isEqualTo("not started");
    }

    @Test
    void aStateFolderThatCannotBeMadeIsNamed() throws IOException {
        assertThat(lacks()).doesNotContainKey("state folder");
        assertThat(folder.resolve("state")).doesNotExist();
        Files.writeString(folder.resolve("state"), "");
        assertThat(lacks().get("state folder")).contains(folder.resolve("state") + " is a file", "DUALFORM_HOME");
    }

    @Test
    void whatIsThereIsNoLack() throws IOException {
        Path jar = Files.writeString(folder.resolve("other.jar"), "");
        environment.put("DUALFORM_JAR", jar.toString());
        Files.createDirectories(folder.resolve("models/mini"));
        Files.writeString(folder.resolve("models/mini/config.json"), "{}");
        assertThat(lacks()).doesNotContainKeys("task jar", "built-in model");
        assertThat(found("task jar")).isEqualTo(jar.toString());
    }

    @Test
    void aPythonThatDoesNotStartIsNamedAndHidesNoOtherCheck() {
        environment.put("DUALFORM_PYTHON", "/no/such/python");
        assertThat(lacks().get("Python")).contains("/no/such/python", "DUALFORM_PYTHON");
        assertThat(lacks()).containsKey("task jar").doesNotContainKey("airflow environment");
    }

    @Test
    void ofServersThatRunInPartTheOthersAreLacking() {
        Home home = home();
        home.make();
        ServerProcess scheduler = new ServerProcess(home, "scheduler");
        scheduler.start(Python.find(home), List.of("sleep", "300"), folder, Map.of());
        try {
            assertThat(lacks())
                    .doesNotContainKey("scheduler")
                    .containsKeys("mlflow", "api-server", "dag-processor", "triggerer");
            assertThat(lacks().get("mlflow")).contains("./dualform up", "mlflow.log");
        } finally {
            scheduler.kill();
        }
    }

    @Test
    void serversThatRunAndDoNotAnswerAreToldWithoutATrace() throws IOException {
        Home home = home();
        home.make();
        Ports ports = new Ports(home);
        ports.choose("mlflow", "DUALFORM_MLFLOW_PORT");
        ports.choose("api-server", "DUALFORM_AIRFLOW_PORT");
        Secrets.readOrMake(home);
        ServerProcess scheduler = new ServerProcess(home, "scheduler");
        scheduler.start(Python.find(home), List.of("sleep", "300"), folder, Map.of());
        try {
            assertThat(lacks())
                    .containsKeys("MLflow answers", "Airflow answers", "Airflow log-in", "Airflow health", "DAG files");
            assertThat(lacks().get("MLflow answers")).contains("./dualform logs mlflow");
            assertThat(lacks().values()).noneMatch(wayOut -> wayOut.contains("\tat ") || wayOut.equals("null"));
        } finally {
            scheduler.kill();
        }
    }

    private Map<String, String> lacks() {
        Map<String, String> lacks = new HashMap<>();
        checks().stream().filter(Check::lacks).forEach(check -> lacks.put(check.what(), check.wayOut()));
        return lacks;
    }

    private String found(String what) {
        return checks().stream()
                .filter(check -> check.what().equals(what))
                .findFirst()
                .orElseThrow()
                .found();
    }

    private List<Check> checks() {
        Home home = home();
        return new Checks(home, new Stack(home, new HeardConsole(false).console())).all();
    }

    private Home home() {
        return new Home(folder, folder.resolve("state"), environment);
    }
}
