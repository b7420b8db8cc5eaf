package org.dualform.cli;

import java.io.PrintWriter;
import org.dualform.contract.CancelledException;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
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
        PrintWriter err = command.getErr();
        if (e instanceof DualformException foreseen) {
            err.println(foreseen.getMessage());
            return foreseen.exitCode().code();
        }
        if (e instanceof CancelledException) return ExitCode.INTERRUPTED.code();
        err.println("This is a bug of Dualform's; please report it with the lines below.");
        e.printStackTrace(err);
        return ExitCode.BUG.code();
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
