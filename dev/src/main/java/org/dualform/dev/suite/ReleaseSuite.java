package org.dualform.dev.suite;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.base.FileTree;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;

/**
 * Tries the provider as a release: its wheel alone, installed beside the oldest and the newest supported Airflow. What is
 * checked there is in {@code operators/tests/test_release.py}.
 */
public final class ReleaseSuite {
    /** The Python of each environment, separated as a path's folders are; the oldest Airflow comes first. */
    public static final String ENVIRONMENTS = "DUALFORM_RELEASE_PYTHONS";

    private static final String TESTS = "tests/test_release.py";

    private final Home home;
    private final Python python;
    private final Steps steps;

    public ReleaseSuite(Home home, Python python, Steps steps) {
        this.home = home;
        this.python = python;
        this.steps = steps;
    }

    /** Makes the wheel and the environments, and runs the tests there. */
    public void run(Tally tally) {
        Path folder = home.state().resolve("cache/release");
        TestOutcome built = steps.step("Release: the wheel", () -> build(folder));
        tally.add(built);
        if (built.verdict() == TestOutcome.Verdict.FAILED) {
            return;
        }
        Path wheel = only(folder);
        List<PythonEnvironment> environments =
                List.of(PythonEnvironment.oldestAirflow(home), PythonEnvironment.newestAirflow(home));
        steps.step("Release: the environments", () -> {
            environments.forEach(each -> each.install(python, steps.console(), wheel));
            return environments;
        });
        String pythons = String.join(
                File.pathSeparator,
                environments.stream()
                        .map(each -> each.program("python").toString())
                        .toList());
        tally.addAll(new PythonSuite(home, steps.with(Map.of(ENVIRONMENTS, pythons))).file(TESTS));
    }

    private TestOutcome build(Path folder) {
        try {
            FileTree.delete(folder);
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String builder = PythonEnvironment.dev(home).program("python").toString();
        List<String> command = List.of(builder, "-m", "hatchling", "build", "-t", "wheel", "-d", folder.toString());
        int code = steps.run("release-wheel", home.root().resolve("operators"), command, line -> {});
        Path log = steps.log("release-wheel");
        return code == 0
                ? TestOutcome.passed("the wheel is built")
                : TestOutcome.failed("the wheel is built", "ended with exit code " + code, log.toString());
    }

    private static Path only(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
