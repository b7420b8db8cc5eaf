package org.dualform.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.dualform.contract.CancelledException;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.task.store.MachineErrors;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports a failed command to a person, as a sentence and an exit code. Only a bug prints a stack trace. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        return report(e, command.getErr());
    }

    /** Runs the command that was parsed. picocli itself hands over exceptions alone, so errors are caught here. */
    static int execute(ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) {
            return report(e, parsed.commandSpec().commandLine().getErr());
        }
    }

    /** Tells a person why a command ended, and returns the exit code. */
    static int report(Throwable e, PrintWriter err) {
        if (e instanceof CancelledException) return ExitCode.INTERRUPTED.code();
        String home = System.getenv().getOrDefault("DUALFORM_HOME", "");
        Optional<DualformException> explained = MachineErrors.explain(
                e,
                home.isBlank() ? "working folder" : "state folder",
                Path.of(home).toAbsolutePath());
        explained.ifPresentOrElse(foreseen -> err.println(foreseen.getMessage()), () -> {
            err.println(MachineErrors.bug(e));
            e.printStackTrace(err);
        });
        err.flush();
        return explained.map(DualformException::exitCode).orElse(ExitCode.BUG).code();
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println(e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("See " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help.");
        return ExitCode.USAGE.code();
    }
}
