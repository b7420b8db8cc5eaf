package org.dualform.cli.server;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.cli.machine.Home;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dualform status}: shows which servers run, and their addresses. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows which servers run, their addresses, where the password is, and the latest runs.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every server runs", "75:some server does not run"})
public final class StatusCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    private static final int RUNS = 5;

    @Override
    public Integer call() {
        Stack stack = new Stack(Home.find(), Console.standard());
        PrintWriter out = command.commandLine().getOut();
        for (Map.Entry<String, Optional<Long>> server : stack.states().entrySet()) {
            out.printf(
                    "%-14s %s%n",
                    server.getKey(),
                    server.getValue().map(pid -> "runs (process " + pid + ")").orElse("does not run"));
        }
        if (!stack.isUp()) {
            List<String> died = stack.died();
            if (!died.isEmpty()) {
                out.println(String.join(", ", died) + " ended without being stopped; ./dualform logs "
                        + (died.size() == 1 ? died.get(0) : "SERVER") + " shows why.");
            }
            out.println("./dualform up starts what does not run.");
            out.flush();
            return ExitCode.TRY_AGAIN.code();
        }
        Servers.printAddresses(stack, out);
        stack.addresses().ifPresent(addresses -> printRuns(new AirflowClient(addresses.airflow()), out));
        out.flush();
        return ExitCode.DONE.code();
    }

    private static void printRuns(AirflowClient client, PrintWriter out) {
        try {
            for (DagRun run : client.latestRuns("~", RUNS)) {
                out.printf("%-9s %s (%s)%n", run.state().label(), run.runId(), run.dagId());
            }
        } catch (DualformException e) {
            out.println(e.getMessage());
        }
    }
}
