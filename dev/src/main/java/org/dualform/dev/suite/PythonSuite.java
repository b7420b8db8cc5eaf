package org.dualform.dev.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.PythonEnvironment;

/** Checks the Airflow provider with ruff, mypy and pytest. Tests that need Airflow use a real one. */
public final class PythonSuite {
    private static final Pattern TEST = Pattern.compile("(\\S+::.+) (PASSED|FAILED|ERROR|SKIPPED)\\b.*");
    /** How the soak test's lines for people begin. */
    private static final String SOAK = "soak: ";

    private static final List<String> SOURCES = List.of("src", "tests", "../dags");

    private final Path operators;
    private final PythonEnvironment environment;
    private final Steps steps;

    public PythonSuite(Home home, Steps steps) {
        this.operators = home.root().resolve("operators");
        this.environment = PythonEnvironment.dev(home);
        this.steps = steps;
    }

    /**
     * Runs the checks and the tests.
     *
     * @param pattern the expression for pytest's {@code -k}; empty for all tests and the checks
     */
    public void run(boolean fast, String pattern, Tally tally) {
        if (pattern.isEmpty()) {
            tally.add(check("ruff-check", "ruff", "check"));
            tally.add(check("ruff-format", "ruff", "format", "--check"));
            tally.add(check("mypy", "mypy"));
        }
        tally.addAll(steps.step(
                "Python: tests (log: " + steps.log("python") + ")",
                () -> tests("python", selection(fast, pattern), !pattern.isEmpty())));
    }

    private static List<String> selection(boolean fast, String pattern) {
        List<String> selection = new ArrayList<>();
        if (fast) {
            selection.addAll(List.of("-m", "not slow"));
        }
        if (!pattern.isEmpty()) {
            selection.addAll(List.of("-k", pattern));
        }
        return selection;
    }

    /** Runs the tests of one file, each of them. */
    List<TestOutcome> file(String file) {
        return steps.step(
                "Python: " + file + " (log: " + steps.log("python") + ")", () -> tests("python", List.of(file), false));
    }

    /** Runs the soak test alone, and repeats its lines as they come. */
    public void soak(Tally tally) {
        List<String> options = List.of("-m", "soak", "--capture=no");
        tally.addAll(steps.step(
                "Python: soak (log: " + steps.log("soak") + ")",
                () -> pytest("soak", options, false, line -> {
                    if (line.startsWith(SOAK)) steps.console().say("   " + line.substring(SOAK.length()));
                })));
    }

    /** Runs the tests that need a Kubernetes, and nothing else. What is missing of it is built first. */
    public void runOnKubernetes(Tally tally) {
        String log = "kubernetes-build";
        TestOutcome built = steps.step("Kubernetes: its programs (log: " + steps.log(log) + ")", () -> {
            List<String> command = command("python", "-m", "tests.cluster.binaries");
            return steps.run(log, operators, command, line -> steps.console().progress("   " + line)) == 0
                    ? TestOutcome.passed("build Kubernetes")
                    : TestOutcome.failed(
                            "build Kubernetes",
                            lastLine(steps.log(log)),
                            steps.log(log).toString());
        });
        tally.add(built);
        if (built.verdict() == TestOutcome.Verdict.PASSED) {
            tally.addAll(steps.step(
                    "Python: tests on Kubernetes (log: " + steps.log("kubernetes") + ")",
                    () -> tests("kubernetes", List.of("-k", "kubernetes"), false)));
        }
    }

    private TestOutcome check(String name, String... command) {
        return steps.step("Python: " + String.join(" ", command), () -> {
            List<String> all = command(command);
            all.addAll(SOURCES);
            Path log = steps.log(name);
            int code = steps.run(name, operators, all, line -> {});
            return code == 0
                    ? TestOutcome.passed(String.join(" ", command))
                    : TestOutcome.failed(String.join(" ", command), lastLine(log), log.toString());
        });
    }

    /** @param mayBeNone whether it is no failure if nothing is selected */
    private List<TestOutcome> tests(String name, List<String> selection, boolean mayBeNone) {
        return pytest(name, selection, mayBeNone, line -> {
            Matcher test = TEST.matcher(line);
            if (test.matches()) {
                boolean bad = test.group(2).matches("FAILED|ERROR");
                if (bad) steps.console().say("   failed: " + test.group(1));
                else steps.console().progress("   " + test.group(1));
            }
        });
    }

    private List<TestOutcome> pytest(String name, List<String> options, boolean mayBeNone, Consumer<String> eachLine) {
        Path report = steps.log(name).resolveSibling("test-" + name + ".xml");
        List<String> command = command("python", "-m", "pytest", "-v", "--color=no", "--junitxml=" + report);
        command.addAll(options);
        delete(report);
        int code = steps.run(name, operators, command, eachLine);
        List<TestOutcome> outcomes = new ArrayList<>(Files.exists(report) ? JUnitReport.read(report) : List.of());
        boolean told = outcomes.stream().anyMatch(outcome -> outcome.verdict() == TestOutcome.Verdict.FAILED);
        // Code 5 means that no test matched the pattern. The summary reports it if no Java test matched either.
        if (code != 0 && !told && !(code == 5 && mayBeNone)) {
            outcomes.add(TestOutcome.failed(
                    "pytest", "ended with exit code " + code + ": " + lastLine(steps.log(name)), steps.log(name) + ""));
        }
        return outcomes;
    }

    private List<String> command(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.set(0, environment.program(words[0]).toString());
        return all;
    }

    private static String lastLine(Path log) {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
