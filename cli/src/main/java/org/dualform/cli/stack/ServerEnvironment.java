package org.dualform.cli.stack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.cli.machine.Home;
import org.dualform.task.source.Reach;

/**
 * The variables by which tasks of the local Airflow find models and data sets. Tasks inherit them from the scheduler,
 * which has them from the shell that started it. A later command may come from another shell, so they are recorded.
 */
public final class ServerEnvironment {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ROOTS = List.of("DUALFORM_DATA_ROOTS", "DUALFORM_MODEL_ROOTS");
    /** Besides the roots. None of them is a secret. */
    private static final List<String> OTHERS =
            List.of("HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_HUB_OFFLINE", "AIRFLOW__CORE__MAX_MAP_LENGTH");

    private ServerEnvironment() {}

    /**
     * The roots with absolute paths. A person may name them relative to the shell's folder, in which no server runs.
     */
    static Map<String, String> roots(Home home) {
        Map<String, String> roots = new HashMap<>();
        for (String variable : ROOTS) {
            List<String> folders = new ArrayList<>();
            for (String root : home.environment().getOrDefault(variable, "").split(":", -1)) {
                if (!root.isBlank())
                    folders.add(Path.of(root).toAbsolutePath().normalize().toString());
            }
            if (!folders.isEmpty()) roots.put(variable, String.join(":", folders));
        }
        return roots;
    }

    /**
     * Which paths the form may name. The servers listen on this machine alone and have one user, who may read these files
     * anyway, so that all are allowed unless the shell says otherwise.
     */
    static String paths(Home home) {
        String asked = home.environment().getOrDefault(Reach.VARIABLE, "");
        return asked.isBlank() ? "any" : asked;
    }

    /** Records the variables of a scheduler that starts now. */
    static void record(Home home) {
        Map<String, String> all = new TreeMap<>(roots(home));
        all.put(Reach.VARIABLE, paths(home));
        for (String variable : OTHERS) {
            String value = home.environment().get(variable);
            if (value != null) all.put(variable, value);
        }
        try {
            Files.writeString(file(home), JSON.writeValueAsString(all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This process's environment, with the variables that the tasks of the local Airflow see. */
    public static Map<String, String> of(Home home) {
        Map<String, String> environment = new HashMap<>(home.environment());
        try {
            if (!Files.exists(file(home))) return environment;
            Map<String, String> recorded =
                    JSON.readValue(Files.readString(file(home)), new TypeReference<Map<String, String>>() {});
            ROOTS.forEach(environment::remove);
            OTHERS.forEach(environment::remove);
            environment.remove(Reach.VARIABLE);
            environment.putAll(recorded);
        } catch (IOException e) {
            // An unreadable record counts as none.
            return environment;
        }
        return environment;
    }

    private static Path file(Home home) {
        return home.run().resolve("environment.json");
    }
}
