package org.dualform.cli.server;

import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dualform logs}: what the servers print. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Shows the end of the servers' logs. A task's log is in Airflow, on the task's page.")
public final class LogsCommand implements Callable<Integer> {
    private static final int BUFFER = 8192;

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
            System.err.println("No logs yet: the servers were never started (./dualform up).");
            return ExitCode.DONE.code();
        }
        show(logs);
        return ExitCode.DONE.code();
    }

    private void show(List<Path> logs) throws IOException, InterruptedException {
        PrintStream out = System.out;
        List<RandomAccessFile> open = new ArrayList<>();
        for (Path log : logs) {
            if (logs.size() > 1) {
                out.println("==> " + log + " <==");
            }
            RandomAccessFile file = new RandomAccessFile(log.toFile(), "r");
            open.add(file);
            file.seek(startOfLast(file, lines));
            copy(file, out);
        }
        while (follow) {
            for (RandomAccessFile file : open) {
                copy(file, out);
            }
            out.flush();
            Thread.sleep(300);
        }
        for (RandomAccessFile file : open) {
            file.close();
        }
    }

    /** Where the last {@code count} lines begin, found from the end: a log may be large. */
    private static long startOfLast(RandomAccessFile file, int count) throws IOException {
        long position = file.length();
        int breaks = 0;
        byte[] block = new byte[BUFFER];
        while (position > 0) {
            int size = (int) Math.min(block.length, position);
            file.seek(position - size);
            file.readFully(block, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                boolean atEnd = position - size + i == file.length() - 1;
                if (block[i] == '\n' && !atEnd && ++breaks >= count) {
                    return position - size + i + 1;
                }
            }
            position -= size;
        }
        return count == 0 ? file.length() : 0;
    }

    private static void copy(RandomAccessFile file, PrintStream out) throws IOException {
        byte[] block = new byte[BUFFER];
        int read = file.read(block);
        while (read > 0) {
            out.write(block, 0, read);
            read = file.read(block);
        }
    }
}
