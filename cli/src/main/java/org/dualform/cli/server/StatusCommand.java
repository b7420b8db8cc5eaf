package org.dualform.cli.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.cli.machine.Home;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualform status}: shows which servers run, and their addresses. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows which servers run, their addresses, where the password is, and the latest runs.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every server runs", "75:some server does not run"})
public final class StatusCommand implements Callable<Integer> {
    private static final int RUNS = 5;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        Stack stack = new Stack(Home.find(), Console.standard());
        PrintWriter out = json.people();
        ObjectNode document = json.document();
        ArrayNode servers = document.putArray("servers");
        for (Map.Entry<String, Optional<Long>> server : stack.states().entrySet()) {
            out.printf(
                    "%-14s %s%n",
                    server.getKey(),
                    server.getValue().map(pid -> "runs (process " + pid + ")").orElse("does not run"));
            ObjectNode each = servers.addObject()
                    .put("name", server.getKey())
                    .put("runs", server.getValue().isPresent())
                    .put("died", stack.died().contains(server.getKey()))
                    .put("log", stack.log(server.getKey()).toString());
            server.getValue().ifPresent(pid -> each.put("process", pid));
        }
        document.put("up", stack.isUp());
        if (!stack.isUp()) {
            List<String> died = stack.died();
            if (!died.isEmpty()) {
                out.println(String.join(", ", died) + " ended without being stopped; ./dualform logs "
                        + (died.size() == 1 ? died.get(0) : "SERVER") + " shows why.");
            }
            out.println("./dualform up starts what does not run.");
            json.print(document);
            return ExitCode.TRY_AGAIN.code();
        }
        Servers.printAddresses(stack, out);
        stack.addresses().ifPresent(addresses -> {
            printRuns(new AirflowClient(addresses.airflow()), out);
            document.put("airflow", addresses.airflow().url().toString())
                    .put("user", addresses.airflow().user())
                    .put("password_file", stack.passwordFile().toString())
                    .put("mlflow", addresses.mlflow().toString());
        });
        json.print(document);
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
