package org.dualform.dev.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.PythonEnvironment;

/** Checks the Airflow provider with ruff, mypy and pytest. Tests that need Airflow use a real one. */
public final class PythonSuite {
    private static final Pattern TEST = Pattern.compile("(\\S+::.+) (PASSED|FAILED|ERROR|SKIPPED)\\b.*");
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
        List<String> selection = new ArrayList<>();
        if (fast) {
            selection.addAll(List.of("-m", "not slow"));
        }
        if (!pattern.isEmpty()) {
            selection.addAll(List.of("-k", pattern));
        }
        tally.addAll(steps.step("Python: tests (log: " + steps.log("python") + ")", () -> tests("python", selection)));
    }

    /** Runs the tests that need a Kubernetes, and nothing else. What is missing of it is built first. */
    public void runOnKubernetes(Tally tally) {
        String log = "kubernetes-build";
        TestOutcome built = steps.step("Kubernetes: its programs (log: " + steps.log(log) + ")", () -> {
            List<String> command = command("python", "-m", "tests.cluster.binaries");
            return steps.run(log, operators, command, line -> steps.console().progress("   " + line)) == 0
                    ? TestOutcome.passed("build Kubernetes")
                    : TestOutcome.failed("build Kubernetes", lastLine(steps.log(log)), steps.log(log).toString());
        });
        tally.add(built);
        if (built.verdict() == TestOutcome.Verdict.PASSED) {
            tally.addAll(steps.step(
                    "Python: tests on Kubernetes (log: " + steps.log("kubernetes") + ")",
                    () -> tests("kubernetes", List.of("-k", "kubernetes"))));
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

    private List<TestOutcome> tests(String name, List<String> selection) {
        Path report = steps.log(name).resolveSibling("test-" + name + ".xml");
        List<String> command = command("python", "-m", "pytest", "-v", "--color=no", "--junitxml=" + report);
        command.addAll(selection);
        delete(report);
        int code = steps.run(name, operators, command, line -> {
            Matcher test = TEST.matcher(line);
            if (test.matches()) {
                boolean bad = test.group(2).matches("FAILED|ERROR");
                if (bad) steps.console().say("   failed: " + test.group(1));
                else steps.console().progress("   " + test.group(1));
            }
        });
        List<TestOutcome> outcomes = new ArrayList<>(Files.exists(report) ? JUnitReport.read(report) : List.of());
        boolean told = outcomes.stream().anyMatch(outcome -> outcome.verdict() == TestOutcome.Verdict.FAILED);
        // Code 5 means that no test matched the selection. The summary reports it if no Java test matched either.
        if (code != 0 && !told && !(code == 5 && !selection.isEmpty())) {
            outcomes.add(TestOutcome.failed(
                    "pytest",
                    "ended with exit code " + code + ": " + lastLine(steps.log(name)),
                    steps.log(name).toString()));
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
