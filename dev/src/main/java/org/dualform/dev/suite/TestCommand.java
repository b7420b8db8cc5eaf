package org.dualform.dev.suite;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform test}: runs every test of the project. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Runs every test and check, Java and Python, and closes with the line \"N passed, N failed, N skipped\".",
            "Skipped tests are listed with their reasons, failed ones with where to read more.",
            "The part kubernetes runs what needs a Kubernetes; it builds one first, in about 15 minutes, and keeps it."
        },
        footer = {
            "",
            "Test assets are looked for in DUALFORM_TEST_ASSETS, else in ../shared; tests that miss theirs are skipped.",
            "What ./dualform environments peers installs (PyTorch, transformers; 6 GB) is compared with if it is there.",
            "Exit code: 0 if something passed and nothing failed, else 1."
        })
public final class TestCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final List<String> PARTS = List.of("java", "python", "kubernetes");
    private static final String TRANSFORMERS_PYTHON = "DUALFORM_TRANSFORMERS_PYTHON";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "PART",
            description = "java, python, kubernetes; by default the first two.")
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
            if (!PARTS.contains(part)) {
                throw UserException.usage(
                        "There is no part " + part + " of the tests; there are " + String.join(", ", PARTS) + ".");
            }
        }
        Home home = Home.find();
        Console console = Console.standard();
        long start = System.nanoTime();
        Python python = Python.find(home);
        environments(home, python, console);
        Steps steps = new Steps(console, home.logs(), variables(home, python));
        Tally tally = new Tally();
        if (fast) {
            console.say("Tests tagged slow are left out (--fast).");
        }
        if (parts.contains("java")) {
            new JavaSuite(home, steps).run(fast, pattern, tally);
        }
        if (parts.contains("python")) {
            new PythonSuite(home, steps).run(fast, pattern, tally);
        }
        if (parts.contains("kubernetes")) {
            new PythonSuite(home, steps).runOnKubernetes(tally);
        }
        console.say("All took " + Console.seconds(Duration.ofNanos(System.nanoTime() - start)) + ".");
        tally.print(command.commandLine().getOut());
        return tally.isGood() ? ExitCode.DONE.code() : FAILED;
    }

    private void environments(Home home, Python python, Console console) {
        // The Java tests of tracking use a real MLflow server.
        PythonEnvironment.mlflow(home).ensure(python, console);
        if (parts.contains("python") || parts.contains("kubernetes")) {
            PythonEnvironment.airflow(home).ensure(python, console);
            PythonEnvironment.dev(home).ensure(python, console);
        }
    }

    /**
     * The environment variables of the tests. They name the state folder, the Python that has MLflow, and the Python
     * that has the software of other projects if it is installed.
     */
    private static Map<String, String> variables(Home home, Python python) {
        Map<String, String> variables = new HashMap<>();
        variables.put("DUALFORM_HOME", home.state().toString());
        variables.put(
                "DUALFORM_MLFLOW_PYTHON",
                PythonEnvironment.mlflow(home).program("python").toString());
        PythonEnvironment peers = PythonEnvironment.peers(home);
        if (!home.environment().containsKey(TRANSFORMERS_PYTHON) && peers.isReady(python)) {
            variables.put(TRANSFORMERS_PYTHON, peers.program("python").toString());
        }
        return variables;
    }
}
