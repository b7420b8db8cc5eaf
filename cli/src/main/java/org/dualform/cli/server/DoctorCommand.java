package org.dualform.cli.server;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.dualform.base.Counted;
import org.dualform.cli.machine.Home;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dualform doctor}: checks whether this machine and the servers are in order. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Checks the machine, the installed environments and the servers, and says what to do about each lack.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing to do", "78:something needs to be done"})
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Override
    public Integer call() {
        Home home = Home.find();
        PrintWriter out = command.commandLine().getOut();
        int lacks = 0;
        for (Checks.Check check : new Checks(home, new Stack(home, Console.standard())).all()) {
            out.printf("%-5s %-22s %s%n", check.mark(), check.what(), check.found());
            if (check.lacks()) {
                lacks++;
                out.println("      -> " + check.wayOut());
            }
        }
        out.println(lacks == 0 ? "All is well." : Counted.of(lacks, "thing") + " to do.");
        out.flush();
        return lacks == 0 ? ExitCode.DONE.code() : ExitCode.CONFIG.code();
    }
}
