package org.dualform.task;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.dualform.contract.DualformException;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;

/** A real MLflow server on a free loopback port; a test without one on the machine is skipped and says so. */
public final class MlflowProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private MlflowProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    public static MlflowProcess start(Path folder) throws Exception {
        Path python = python();
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Files.createDirectories(folder);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        python.toString(),
                        "-m",
                        "mlflow",
                        "server",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--workers",
                        "1",
                        "--backend-store-uri",
                        "sqlite:///" + folder.resolve("mlflow.db"),
                        "--artifacts-destination",
                        folder.resolve("artifacts").toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile());
        builder.environment()
                .putAll(Map.of("MLFLOW_DISABLE_TELEMETRY", "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false"));
        MlflowProcess server = new MlflowProcess(builder.start(), port);
        try {
            server.awaitAnswer(folder);
            return server;
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
    }

    private static Path python() {
        String named = System.getenv().getOrDefault("DUALFORM_MLFLOW_PYTHON", "");
        String home = System.getenv().getOrDefault("DUALFORM_HOME", "");
        Path root = Path.of(System.getProperty("dualform.root", "."));
        Path python = !named.isEmpty()
                ? Path.of(named)
                : (home.isEmpty() ? root.resolve(".dualform") : Path.of(home)).resolve("mlflow-venv/bin/python");
        assumeTrue(
                Files.isExecutable(python),
                "no MLflow here: " + python + " is missing, and DUALFORM_MLFLOW_PYTHON is not set");
        return python;
    }

    private void awaitAnswer(Path folder) throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(180));
        while (true) {
            try (Mlflow mlflow = Mlflow.connect(MlflowServer.of(uri(), Map.of()))) {
                mlflow.check();
                return;
            } catch (DualformException e) {
                if (!process.isAlive() || Instant.now().isAfter(end)) {
                    throw new IllegalStateException(Files.readString(folder.resolve("server.log")), e);
                }
                Thread.sleep(300);
            }
        }
    }

    public String uri() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
        family.forEach(ProcessHandle::destroyForcibly);
    }
}
