package org.dualform.cli.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.ConsoleEvents;
import org.dualform.contract.CancelledException;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.spec.Experiment;
import org.dualform.task.Kinds;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.stop.GracefulStop;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualform dual-form}: measures the theory in the layers of a model, in this process. */
@Command(
        name = "dual-form",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Checks in a model's own layers that attention to demonstrations is a change of weights, as the paper says,",
            "how alike that change is to fine-tuning's, and that a context can be written into weights.",
            "Takes the options of 'run'; of each data set the first seed and order are measured at the largest shot",
            "count, with 20 queries unless --limit says otherwise.",
            ""
        },
        footer = {"", "Example:", "  dualform dual-form --model mini --datasets topics --shots 8 --out theory"},
        modelTransformer = SpecOptions.class)
public final class DualFormCommand implements Callable<Integer> {
    /** Queries are passed through the model one at a time and in several settings. */
    private static final int QUERIES = 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            order = 1,
            description =
                    "Folder of report.html, dual_form.json and figures.png, and of everything computed on the way."
                            + " Default: theory.")
    private Path out = Path.of("theory");

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            order = 2,
            description = "The whole experiment as YAML or JSON. Options on the command line override it.")
    private @Nullable Path spec;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            order = 3,
            description = "Numbers to check the identities in: float32 (default), or float64 at twice the memory.")
    private String precision = "float32";

    @Option(names = "--no-patches", order = 4, description = "Leave out the patches of weights.")
    private boolean noPatches;

    @Option(
            names = "--no-all-weights",
            order = 5,
            description =
                    "Do not compare patches with fine-tuning of all weights, which needs memory for further models.")
    private boolean noAllWeights;

    @Option(
            names = "--no-untrained",
            order = 6,
            description = "Leave out the floor of the same model with random weights.")
    private boolean noUntrained;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() throws IOException {
        new OutFolder(out).check();
        Cancellation cancellation = new Cancellation();
        GracefulStop stop = GracefulStop.install(cancellation);
        NewFolders folders = NewFolders.before(out.resolve("workspace"));
        try {
            return run(given(), cancellation);
        } catch (DualformException e) {
            folders.removeWithoutResult();
            throw e;
        } catch (CancelledException e) {
            command.commandLine().getErr().println("Stopped. Nothing is kept.");
            return ExitCode.INTERRUPTED.code();
        } finally {
            stop.finish();
        }
    }

    private int run(ObjectNode experiment, Cancellation cancellation) throws IOException {
        Console console = Console.standard();
        Path workspace = new OutFolder(out).workspace().toAbsolutePath().normalize();
        try (Models models = Models.ofOneTask()) {
            Result result = new TaskRunner(
                            Kinds.all(System.getenv(), 1), models, new ConsoleEvents(console), cancellation)
                    .run(new Request(
                            Request.SCHEMA,
                            "dual_form",
                            null,
                            null,
                            parameters(experiment),
                            Map.of(),
                            workspace.toString(),
                            experiment.path("fresh").asBoolean()));
            console.clear();
            return finish(workspace, result);
        }
    }

    private ObjectNode parameters(ObjectNode experiment) {
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.set("experiment", experiment);
        return parameters
                .put("precision", precision)
                .put("patches", !noPatches)
                .put("all_weights", !noAllWeights)
                .put("untrained", !noUntrained);
    }

    private int finish(Path workspace, Result result) throws IOException {
        ObjectNode document = json.document();
        for (Map.Entry<String, Reference> output : result.outputs().entrySet()) {
            Path made = workspace.resolve(output.getValue().path());
            String name = String.valueOf(made.getFileName());
            Path copy = out.resolve(name);
            Files.copy(made, copy, StandardCopyOption.REPLACE_EXISTING);
            document.put(output.getKey(), copy.toString());
        }
        PrintWriter stdout = json.people();
        stdout.println(result.message());
        stdout.println("Report: " + out.resolve("report.html"));
        document.set("metrics", Json.mapper().valueToTree(result.metrics()));
        json.print(document);
        return ExitCode.DONE.code();
    }

    private ObjectNode given() {
        ObjectNode options = SpecOptions.given(command.commandLine().getParseResult());
        ObjectNode given = spec == null
                ? SpecOptions.withDefaults(options, "model", "datasets")
                : Experiment.readFile(spec).setAll(options);
        if (!given.has("limit")) given.put("limit", QUERIES);
        return given;
    }
}
