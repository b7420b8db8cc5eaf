package org.dualform.cli.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.dualform.base.Counted;
import org.dualform.cli.machine.Home;
import org.dualform.cli.output.Check;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualform doctor}: checks whether this machine and the servers are in order. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Checks the machine, the installed environments and the servers, and says what to do about each lack.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing to do", "78:something needs to be done"})
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        Home home = Home.find();
        PrintWriter out = json.people();
        ObjectNode document = json.document();
        int lacks = Check.print(new Checks(home, new Stack(home, Console.standard())).all(), out, document);
        out.println(lacks == 0 ? "All is well." : Counted.of(lacks, "thing") + " to do.");
        json.print(document);
        return lacks == 0 ? ExitCode.DONE.code() : ExitCode.CONFIG.code();
    }
}
