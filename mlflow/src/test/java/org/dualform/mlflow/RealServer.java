package org.dualform.mlflow;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.dualform.contract.DualformException;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;

/** A real MLflow server on a free port, with its database in a folder; stopped by its process id. */
public final class RealServer implements AutoCloseable {
    private static final long START_SECONDS = 180;

    private static final CallLimits ONE_TRY = new CallLimits(
            Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(20), 1, Duration.ofMillis(100));

    private final Path folder;
    private final Path python;
    private final int port;
    private final List<String> artifacts;
    private Process process;

    private RealServer(Path folder, Path python, int port, List<String> artifacts) {
        this.artifacts = artifacts;
        this.folder = folder;
        this.python = python;
        this.port = port;
    }

    /** Skips the test where the machine has no MLflow. */
    public static RealServer start(Path folder) throws Exception {
        return start(
                folder,
                List.of(
                        "--artifacts-destination",
                        folder.resolve("artifacts").toAbsolutePath().toString()));
    }

    /** A server that passes no artifacts on: clients are to write them to the store themselves. */
    static RealServer startWithoutArtifacts(Path folder) throws Exception {
        return start(
                folder,
                List.of(
                        "--no-serve-artifacts",
                        "--default-artifact-root",
                        folder.resolve("with a space").toAbsolutePath().toString()));
    }

    private static RealServer start(Path folder, List<String> artifacts) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        RealServer server = new RealServer(folder, python(), port, artifacts);
        server.up();
        return server;
    }

    private static Path python() {
        String named = System.getenv("DUALFORM_MLFLOW_PYTHON");
        if (named != null && !named.isEmpty()) {
            assumeTrue(Files.isExecutable(Path.of(named)), "DUALFORM_MLFLOW_PYTHON names no program: " + named);
            return Path.of(named);
        }
        String home = System.getenv("DUALFORM_HOME");
        Path root = Path.of(System.getProperty("dualform.root", "."));
        Path python = (home == null || home.isEmpty() ? root.resolve(".dualform") : Path.of(home))
                .resolve("mlflow-venv/bin/python");
        assumeTrue(
                Files.isExecutable(python),
                "No MLflow here: " + python + " is missing, and DUALFORM_MLFLOW_PYTHON is not set.");
        return python;
    }

    public void up() throws Exception {
        List<String> command = new ArrayList<>(List.of(
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
                "sqlite:///" + folder.resolve("mlflow.db").toAbsolutePath()));
        command.addAll(artifacts);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of("MLFLOW_DISABLE_TELEMETRY", "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false"));
        builder.environment().remove("MLFLOW_TRACKING_URI");
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server.log").toFile()))
                .directory(folder.toFile());
        process = builder.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try (Mlflow mlflow = Mlflow.connect(server(), ONE_TRY)) {
                mlflow.check();
                return;
            } catch (DualformException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    stop();
                    throw new IllegalStateException(
                            "MLflow does not start: " + Files.readString(folder.resolve("server.log")), e);
                }
                Thread.sleep(300);
            }
        }
    }

    public MlflowServer server() {
        return MlflowServer.of("http://127.0.0.1:" + port, Map.of());
    }

    /** As a power cut: the server and its worker at once. */
    public void kill() throws InterruptedException {
        List<ProcessHandle> family = process.toHandle().descendants().toList();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
        for (ProcessHandle child : family) {
            child.onExit().join();
        }
    }

    void stop() throws InterruptedException {
        List<ProcessHandle> family = process.toHandle().descendants().toList();
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
