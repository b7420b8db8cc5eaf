package org.dualform.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dualform.cli.stack.Console;
import org.dualform.cli.stack.Home;
import org.dualform.cli.stack.Python;
import org.dualform.cli.stack.PythonEnvironment;
import org.dualform.cli.suite.JavaSuite;
import org.dualform.cli.suite.PythonSuite;
import org.dualform.cli.suite.Steps;
import org.dualform.cli.suite.Tally;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dualform test}: every test there is. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Runs every test and check, Java and Python, and closes with the line \"N passed, N failed, N skipped\".",
            "Skipped tests are listed with their reasons, failed ones with where to read more."
        },
        footer = {
            "",
            "Test assets are looked for in DUALFORM_TEST_ASSETS, else in ../shared; tests that miss theirs are skipped.",
            "Exit code: 0 if something passed and nothing failed, else 1."
        })
final class TestCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Parameters(arity = "0..*", paramLabel = "PART", description = "java, python; by default both.")
    private List<String> parts = List.of("java", "python");

    @Option(names = "--fast", description = "Leaves out the tests tagged slow: for the inner loop.")
    private boolean fast;

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            defaultValue = "",
            description = "Only tests that match: for java a class name (with * and #method), for python as pytest -k.")
    private String pattern = "";

    @Override
    public Integer call() {
        for (String part : parts) {
            if (!List.of("java", "python").contains(part)) {
                throw UserException.usage("There is no part " + part + " of the tests; there are java and python.");
            }
        }
        Home home = Home.find();
        Console console = Console.standard();
        long start = System.nanoTime();
        // Tests start servers of their own: none of these may speak to the user's.
        Steps steps = new Steps(
                console, home.logs(), Map.of("DUALFORM_HOME", home.state().toString()));
        Tally tally = new Tally();
        if (fast) {
            console.say("Tests tagged slow are left out (--fast).");
        }
        environments(home, console);
        if (parts.contains("java")) {
            new JavaSuite(home, steps).run(fast, pattern, tally);
        }
        if (parts.contains("python")) {
            new PythonSuite(home, steps).run(fast, pattern, tally);
        }
        console.say("All took " + Console.seconds(Duration.ofNanos(System.nanoTime() - start)) + ".");
        tally.print(System.out);
        return tally.isGood() ? ExitCode.DONE.code() : FAILED;
    }

    private void environments(Home home, Console console) {
        Python python = Python.find(home);
        // Java's tests of tracking speak to a real MLflow.
        PythonEnvironment.mlflow(home).ensure(python, console);
        if (parts.contains("python")) {
            PythonEnvironment.airflow(home).ensure(python, console);
            PythonEnvironment.dev(home).ensure(python, console);
        }
    }
}
