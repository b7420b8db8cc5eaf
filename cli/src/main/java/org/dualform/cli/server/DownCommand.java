package org.dualform.cli.server;

import java.util.concurrent.Callable;
import org.dualform.cli.machine.Home;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.ExitCode;
import picocli.CommandLine.Command;

/** {@code dualform down}: stops the servers and their tasks. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = {
            "Stops MLflow, Airflow and all running tasks.",
            "Nothing is lost: './dualform resume RUN_ID' starts the servers and continues a run."
        })
public final class DownCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        Console console = Console.standard();
        new Stack(Home.find(), console).down();
        console.say("Stopped.");
        return ExitCode.DONE.code();
    }
}
