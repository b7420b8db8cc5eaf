package org.dualform.cli.server;

import java.util.List;
import java.util.concurrent.Callable;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform environments}: installs Python environments, and starts nothing. */
@Command(
        name = "environments",
        mixinStandardHelpOptions = true,
        description = "Installs the Python environments from their locks and prints their folders.")
public final class EnvironmentsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "airflow, mlflow, dev, peers; by default the two that the servers need.")
    private List<String> names = List.of("mlflow", "airflow");

    @Override
    public Integer call() {
        Home home = Home.find();
        Python python = Python.find(home);
        Console console = Console.standard();
        for (PythonEnvironment environment :
                names.stream().map(name -> named(home, name)).toList()) {
            environment.ensure(python, console);
            command.commandLine().getOut().println(environment.folder());
            command.commandLine().getOut().flush();
        }
        return ExitCode.DONE.code();
    }

    private static PythonEnvironment named(Home home, String name) {
        return switch (name) {
            case "airflow" -> PythonEnvironment.airflow(home);
            case "mlflow" -> PythonEnvironment.mlflow(home);
            case "dev" -> PythonEnvironment.dev(home);
            case "peers" -> PythonEnvironment.peers(home);
            default ->
                throw UserException.usage(
                        "There is no Python environment " + name + "; there are airflow, mlflow, dev and peers.");
        };
    }
}
