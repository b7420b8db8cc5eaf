package org.dualform.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualform.cli.machine.Home;
import org.dualform.cli.run.SpecOptions;
import org.dualform.cli.stack.ServerEnvironment;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.Interruption;
import org.dualform.cli.workflow.control.PathsFromHere;
import org.dualform.contract.ExitCode;
import org.dualform.spec.Experiment;
import org.dualform.task.plan.SpecCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualform demo}: from nothing to a measured answer, through Airflow and MLflow, in one command. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        header = "Shows the whole chain on this machine, from nothing to a measured table.",
        description = {
            "Installs Airflow and MLflow, starts them, runs a sweep of the built-in model through Airflow, and ends with"
                    + " the table, the links and what to do next. Start here.",
            "Without options it measures the defaults of the form in Airflow. Servers that were running stay up.",
            ""
        },
        footer = {"", "Example:", "  dualform demo --keep"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured",
            "64:a wrong option",
            "71:the run failed",
            "75:something that may pass, such as the network; the same command goes on",
            "78:the machine lacks something",
            "130:Ctrl-C; the same command goes on"
        },
        modelTransformer = SpecOptions.class)
public final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(names = "--keep", order = 1, description = "Leave the servers up, to look around.")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.find();
        Console console = Console.standard();
        Stack stack = new Stack(home, console);
        boolean runs = stack.states().values().stream().anyMatch(Optional::isPresent);
        boolean stays = keep || runs;
        Map<String, String> environment = runs ? ServerEnvironment.of(home) : home.environment();
        ObjectNode given =
                PathsFromHere.absolute(SpecOptions.given(command.commandLine().getParseResult()), environment);
        // Checked here first, so that a mistake is reported before the servers take minutes to start. The form and plan
        // check again.
        SpecCheck.check(Experiment.draft(SpecOptions.withDefaults(given.deepCopy(), "model", "datasets")), environment);
        Demo demo = new Demo(home, stack, console, command.commandLine().getOut(), stays);
        try (Interruption ctrlC = Interruption.install()) {
            try {
                return demo.run(given);
            } catch (InterruptedException | RuntimeException e) {
                if (!ctrlC.requested()) throw e;
                ctrlC.settle();
                demo.interrupted();
                return ExitCode.INTERRUPTED.code();
            } finally {
                ctrlC.settle();
                demo.close();
            }
        }
    }
}
