package org.dualform.cli.server;

import java.util.concurrent.Callable;
import org.dualform.cli.machine.Home;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dualform up}: starts the servers, on loopback ports. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts MLflow and Airflow on free loopback ports and waits until they work.",
            "Servers that run already are left alone; those that died are started again."
        },
        footer = {
            "",
            "DUALFORM_AIRFLOW_PORT and DUALFORM_MLFLOW_PORT choose the ports; DUALFORM_HOME is where state is kept."
        })
public final class UpCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Override
    public Integer call() {
        Home home = Home.find();
        Console console = Console.standard();
        Stack stack = new Stack(home, console);
        boolean wasUp = stack.isUp();
        Servers.environments(home, console);
        stack.up();
        console.say(wasUp ? "Running already." : "Running.");
        Servers.printAddresses(stack, command.commandLine().getOut());
        command.commandLine().getOut().flush();
        return ExitCode.DONE.code();
    }
}
