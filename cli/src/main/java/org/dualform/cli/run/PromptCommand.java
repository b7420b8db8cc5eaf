package org.dualform.cli.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dualform.contract.ExitCode;
import org.dualform.spec.Experiment;
import org.dualform.task.plan.PromptPreview;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualform prompt}: shows the prompts as the model sees them. */
@Command(
        name = "prompt",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Prints a prompt of every data set, token by token: demonstrations, the first query, the label words.",
            "Runs no model. Takes the options of 'run'; shows the first seed, order and arm.",
            ""
        },
        footer = {"", "Example:", "  dualform prompt --datasets sst2 --shots 2"},
        modelTransformer = SpecOptions.class)
public final class PromptCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            order = 1,
            description = "The whole experiment as YAML or JSON. Options on the command line override it.")
    private @Nullable Path spec;

    @Override
    public Integer call() throws IOException {
        ObjectNode given = SpecOptions.given(command.commandLine().getParseResult());
        ObjectNode values = spec == null
                ? SpecOptions.withDefaults(given, "model", "datasets")
                : Experiment.readFile(spec).setAll(given);
        command.commandLine().getOut().print(PromptPreview.of(Experiment.draft(values), System.getenv()));
        command.commandLine().getOut().flush();
        return ExitCode.DONE.code();
    }
}
