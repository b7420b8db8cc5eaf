package org.dualform.cli.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * Where Dualform keeps its files on this machine.
 *
 * @param root the project's folder
 * @param state the folder of everything that the project writes while it runs; it may be deleted when nothing runs
 * @param environment this process's environment variables
 */
public record Home(Path root, Path state, Map<String, String> environment) {

    /** Reads {@code DUALFORM_ROOT} and {@code DUALFORM_HOME}, which the launcher sets. */
    public static Home find() {
        Map<String, String> environment = System.getenv();
        @Nullable String root = environment.get("DUALFORM_ROOT");
        if (root == null || root.isBlank()) {
            throw UserException.config("The servers are started by the launcher ./dualform in the project's folder;"
                    + " DUALFORM_ROOT, which it sets, is missing.");
        }
        String state = environment.getOrDefault("DUALFORM_HOME", "");
        Path rootPath = Path.of(root).toAbsolutePath().normalize();
        Path statePath = state.isBlank() ? rootPath.resolve(".dualform") : Path.of(state);
        return new Home(rootPath, statePath.toAbsolutePath().normalize(), Map.copyOf(environment));
    }

    public Path airflowHome() {
        return state.resolve("airflow");
    }

    public Path mlflowHome() {
        return state.resolve("mlflow");
    }

    public Path logs() {
        return state.resolve("logs");
    }

    /**
     * The folder of the Python environments. It is {@code DUALFORM_ENVIRONMENTS}, which several state folders can
     * share; by default it is the state folder.
     */
    public Path environments() {
        String folder = environment.getOrDefault("DUALFORM_ENVIRONMENTS", "");
        return folder.isBlank() ? state : Path.of(folder).toAbsolutePath().normalize();
    }

    /** The folder of process records, secrets and ports. */
    public Path run() {
        return state.resolve("run");
    }

    public Path workspace() {
        return state.resolve("workspace");
    }

    /** Creates the folders that hold state. */
    public void make() {
        try {
            for (Path folder : new Path[] {environments(), airflowHome(), mlflowHome(), logs(), run(), workspace()}) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw UserException.config("Cannot write to " + state + " (" + e.getMessage()
                    + "). DUALFORM_HOME names another folder for state.");
        }
    }
}
