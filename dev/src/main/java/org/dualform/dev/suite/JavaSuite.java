package org.dualform.dev.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.cli.machine.Home;

/** Checks the Java modules: their format, the compiler's checks, the tests and the coverage report. */
public final class JavaSuite {
    /** The longest time of a module's tests. One that takes longer hangs. */
    private static final int MODULE_SECONDS = 2400;

    private final Home home;
    private final Steps steps;

    public JavaSuite(Home home, Steps steps) {
        this.home = home;
        this.steps = steps;
    }

    /**
     * Runs the tests of all modules, even after a failure.
     *
     * @param pattern a pattern of test class names as Surefire reads it; empty for all
     */
    public void run(boolean fast, String pattern, Tally tally) {
        if (pattern.isEmpty()) {
            tally.add(steps.step("Java: format (Spotless)", this::format));
        }
        tally.addAll(steps.step("Java: all modules (log: " + steps.log("java") + ")", () -> modules(fast, pattern)));
    }

    private TestOutcome format() {
        int code = maven("format", List.of("spotless:check"), line -> {});
        return code == 0
                ? TestOutcome.passed("Java format")
                : TestOutcome.failed("Java format", "./dualform format puts it right", steps.log("format") + "");
    }

    private List<TestOutcome> modules(boolean fast, String pattern) {
        reports().forEach(JavaSuite::delete);
        List<String> arguments = new ArrayList<>(List.of(
                "verify",
                "-Dspotless.check.skip=true",
                // A failing module must not keep the modules that depend on it from being tested.
                "-Dmaven.test.failure.ignore=true",
                "-Dsurefire.timeout=" + MODULE_SECONDS,
                "-Ddualform.commit=" + home.environment().getOrDefault("DUALFORM_COMMIT", "")));
        if (fast) {
            arguments.add("-Dtest.excluded=slow");
        }
        if (!pattern.isEmpty()) {
            arguments.addAll(List.of("-Dtest=" + pattern, "-Dsurefire.failIfNoSpecifiedTests=false"));
        }
        MavenLog log = new MavenLog(steps.console());
        int code = maven("java", arguments, log::read);
        List<TestOutcome> outcomes = new ArrayList<>();
        reports().forEach(report -> outcomes.addAll(JUnitReport.read(report)));
        log.troubles()
                .forEach(trouble -> outcomes.add(TestOutcome.failed("Java build", trouble, steps.log("java") + "")));
        if (code != 0 && log.troubles().isEmpty()) {
            outcomes.add(
                    TestOutcome.failed("Java build", "Maven ended with exit code " + code, steps.log("java") + ""));
        }
        return outcomes;
    }

    private int maven(String name, List<String> arguments, java.util.function.Consumer<String> eachLine) {
        List<String> command =
                new ArrayList<>(List.of(home.root().resolve("mvnw").toString(), "-B", "--fail-at-end"));
        command.addAll(arguments);
        return steps.run(name, home.root(), command, eachLine);
    }

    private List<Path> reports() {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(home.root())) {
            for (Path module : modules.sorted().toList()) {
                Path folder = module.resolve("target/surefire-reports");
                if (Files.isRegularFile(module.resolve("pom.xml")) && Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.list(folder)) {
                        files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                                .sorted()
                                .forEach(found::add);
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
