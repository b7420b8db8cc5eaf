package org.dualform.cli.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.ConsoleEvents;
import org.dualform.contract.UserException;
import org.dualform.task.progress.ProgressMeter;
import org.dualform.task.source.HubSources;
import org.dualform.task.source.ModelFolders;
import org.dualform.task.stop.Cancellation;

/** Finds the model that a command names, as {@code run --model} does. */
final class ModelPlace {
    /** What a model may be named by, for help texts. */
    static final String HELP =
            "A built-in name (mini), a folder with config.json and *.safetensors, a GGUF file, or a model on the hub:"
                    + " org/name or org/name@revision.";

    private ModelPlace() {}

    /**
     * Its folder or GGUF file. A model on the hub is fetched.
     *
     * @throws UserException if there is none; the message gives the nearest names
     */
    static Path find(String reference) {
        Map<String, String> environment = System.getenv();
        ModelFolders folders = ModelFolders.fromEnvironment(environment);
        return folders.find(reference)
                .or(() -> fetched(reference, environment))
                .orElseThrow(() -> folders.unknown(reference));
    }

    private static Optional<Path> fetched(String reference, Map<String, String> environment) {
        Console console = Console.standard();
        ConsoleEvents terminal = new ConsoleEvents(console);
        ProgressMeter progress = new ProgressMeter(terminal, new Cancellation(), System::nanoTime);
        try (HubSources.Session hub = new HubSources(environment).session(progress, terminal::info)) {
            return hub.model(reference);
        } finally {
            console.clear();
        }
    }
}
