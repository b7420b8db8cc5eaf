package org.dualform.task.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.data.DatasetLocator;
import org.dualform.spec.Experiment;
import org.dualform.task.store.WorkerName;

/**
 * Finds a task's model and data set on the worker that runs it. The plan names the paths of the worker that made it.
 * Where another worker lacks such a path, it fetches what came from a hub (the same commit), and it takes what has the
 * same name in its own roots or is built in. Their hashes are compared before they are used.
 */
public final class WorkerSources {
    private static final String PATH = "path";

    private final Map<String, String> environment;
    private final HubSources hub;

    /** @param environment the environment variables, which name the roots of models and data sets */
    public WorkerSources(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.hub = new HubSources(environment);
    }

    /**
     * The parameters with paths that this worker has.
     *
     * @param parameters the parameters that the task reads
     * @return the same object if it has all paths of the plan
     * @throws UserException that names everything that this worker lacks
     */
    public ObjectNode local(ObjectNode parameters, Progress progress, Consumer<String> say) {
        Map<What, Path> elsewhere = new EnumMap<>(What.class);
        Mistakes lacking = new Mistakes(ExitCode.DATA);
        try (HubSources.Session session = hub.session(progress, say)) {
            for (What what : What.values()) {
                JsonNode source = parameters.path(what.field);
                if (!isLacking(source)) continue;
                Optional<Path> here = find(what, source, parameters, session);
                if (here.isEmpty()) {
                    lacking.add(what.lacking(source.path(PATH).asText()));
                    continue;
                }
                elsewhere.put(what, here.get());
            }
        }
        lacking.throwIfAny();
        if (elsewhere.isEmpty()) return parameters;
        ObjectNode local = parameters.deepCopy();
        elsewhere.forEach((what, path) -> ((ObjectNode) local.path(what.field)).put(PATH, path.toString()));
        return local;
    }

    private enum What {
        MODEL(
                "model",
                "model",
                "put a folder of the same name into DUALFORM_MODEL_ROOTS there, or name the model as on a"
                        + " hub (org/name), from which every worker fetches it"),
        DATASET(
                "dataset",
                "data set",
                "put a folder of the same name into DUALFORM_DATA_ROOTS there, or name the data set"
                        + " as on a hub (org/name), from which every worker fetches it"),
        ROWS("rows", "file of rows", "or copy it there");

        private final String field;
        private final String words;
        private final String wayOut;

        What(String field, String words, String wayOut) {
            this.field = field;
            this.words = words;
            this.wayOut = wayOut;
        }

        private String lacking(String path) {
            return "The worker " + WorkerName.get() + " lacks the " + words + " " + path
                    + ", which the worker that planned has. Mount it at the same path on every worker, " + wayOut + ".";
        }
    }

    private static boolean isLacking(JsonNode source) {
        return source.path("name").isTextual()
                && source.path(PATH).isTextual()
                && !Files.exists(Path.of(source.path(PATH).asText()));
    }

    private Optional<Path> find(What what, JsonNode source, ObjectNode parameters, HubSources.Session session) {
        String name = source.path("name").asText();
        String origin = source.path("origin").asText();
        return switch (what) {
            case MODEL ->
                origin.isEmpty() ? ModelFolders.fromEnvironment(environment).named(name) : session.model(origin);
            case DATASET -> dataset(name, origin, parameters.path("split").asText(Experiment.AUTO), session);
            case ROWS -> Optional.empty();
        };
    }

    private Optional<Path> dataset(String name, String origin, String split, HubSources.Session session) {
        DatasetLocator locator = DatasetLocator.fromEnvironment(
                environment, (reference, home) -> session.dataset(reference, split, home));
        if (!origin.isEmpty()) return Optional.of(locator.locate(origin).toAbsolutePath());
        return locator.named().stream().anyMatch(known -> known.name().equals(name))
                ? Optional.of(locator.locate(name).toAbsolutePath())
                : Optional.empty();
    }
}
