package org.dualform.dev.bench.grouping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.dualform.airflow.AirflowClient;
import org.dualform.base.FileTree;
import org.dualform.cli.machine.Home;
import org.dualform.cli.server.Servers;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.PermanentException;

/**
 * Airflow and MLflow with a state of their own, and the DAGs that are measured. Closing it stops and deletes them; so does
 * a signal that ends this process.
 */
final class OwnServers implements AutoCloseable {
    private final Home home;
    private final Stack stack;
    private final Thread ifStopped = new Thread(this::stop, "stop-servers");
    private volatile boolean kept;

    private OwnServers(Home home, Stack stack) {
        this.home = home;
        this.stack = stack;
    }

    /** Starts them. The Python environments are those of the given home. */
    static OwnServers start(Home given, SweepSize size, Console console) {
        try {
            Path state = Files.createTempDirectory("dualform-bench");
            Map<String, String> environment = new HashMap<>(given.environment());
            environment.put("DUALFORM_HOME", state.toString());
            environment.put("DUALFORM_ENVIRONMENTS", given.environments().toString());
            environment.put("DUALFORM_DAGS", state.resolve("dags").toString());
            Home home = new Home(given.root(), state, Map.copyOf(environment));
            home.make();
            Path dags = Files.createDirectories(state.resolve("dags"));
            Files.writeString(dags.resolve("measured.py"), MeasuredDags.source(state, size), StandardCharsets.UTF_8);
            OwnServers servers = new OwnServers(home, new Stack(home, console));
            Runtime.getRuntime().addShutdownHook(servers.ifStopped);
            try {
                Servers.environments(home, console);
                servers.stack.up();
                return servers;
            } catch (RuntimeException | Error e) {
                servers.close();
                throw e;
            }
        } catch (IOException e) {
            throw new PermanentException("The servers' folder cannot be made: " + e, e);
        }
    }

    /** Leaves the folder, with every server's log, for whoever looks for the cause of a failure. */
    void keep() {
        kept = true;
    }

    Home home() {
        return home;
    }

    Stack stack() {
        return stack;
    }

    AirflowClient airflow() {
        return new AirflowClient(stack.addresses().orElseThrow().airflow());
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(ifStopped);
        stop();
    }

    private void stop() {
        stack.down();
        if (kept) return;
        try {
            FileTree.delete(home.state());
        } catch (IOException e) {
            throw new PermanentException("The servers' folder " + home.state() + " cannot be deleted: " + e, e);
        }
    }
}
