package org.dualform.cli.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.dualform.cli.machine.Home;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform logs}: prints the servers' logs. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Shows the end of the servers' logs. A task's log is in Airflow, on the task's page.")
public final class LogsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    private static final long PAUSE_MILLIS = 300;

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVER",
            description = "scheduler, dag-processor, triggerer, api-server or mlflow; all of them by default.")
    private @Nullable String server;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on printing as the log grows, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "40",
            description = "Lines of each log. Default: ${DEFAULT-VALUE}.")
    private int lines;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Stack stack = new Stack(Home.find(), Console.standard());
        List<String> known = List.copyOf(stack.states().keySet());
        String asked = server;
        if (asked != null && !known.contains(asked)) {
            throw UserException.usage("There is no server " + asked + "; there are " + String.join(", ", known) + ".");
        }
        if (lines < 0) {
            throw UserException.usage("--lines must be 0 or more; it is " + lines + ".");
        }
        List<Path> logs = new ArrayList<>();
        for (String name : asked == null ? known : List.of(asked)) {
            Path log = stack.log(name);
            if (Files.exists(log)) {
                logs.add(log);
            }
        }
        if (logs.isEmpty()) {
            command.commandLine().getErr().println("No logs yet: the servers were never started (./dualform up).");
            return ExitCode.DONE.code();
        }
        show(logs);
        return ExitCode.DONE.code();
    }

    private void show(List<Path> logs) throws IOException, InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        List<LogTail> tails = new ArrayList<>();
        try {
            for (Path log : logs) {
                LogTail tail = LogTail.open(log, lines);
                tails.add(tail);
                if (logs.size() > 1) out.println("==> " + log + " <==");
                tail.print(out);
            }
            out.flush();
            while (follow) {
                for (LogTail tail : tails) tail.print(out);
                out.flush();
                Thread.sleep(PAUSE_MILLIS);
            }
        } finally {
            for (LogTail tail : tails) tail.close();
        }
    }
}
