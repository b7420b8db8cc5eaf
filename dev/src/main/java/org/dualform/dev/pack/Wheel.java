package org.dualform.dev.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.Shell;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.contract.PermanentException;

/** Builds the wheel of the Airflow provider, with the build tool of the developers' environment. */
final class Wheel {
    private Wheel() {}

    /**
     * Builds the wheel.
     *
     * @param created the time of every file in it
     * @return its file
     */
    static Path build(Home home, Instant created, Path folder, Path log) throws IOException {
        List<String> command = List.of(
                PythonEnvironment.dev(home).program("python").toString(),
                "-m",
                "hatchling",
                "build",
                "-t",
                "wheel",
                "-d",
                folder.toString());
        Map<String, String> changes = Map.of("SOURCE_DATE_EPOCH", String.valueOf(created.getEpochSecond()));
        int code = Shell.run(command, home.root().resolve("operators"), changes, log);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> wheels =
                    files.filter(file -> file.toString().endsWith(".whl")).toList();
            if (code != 0 || wheels.size() != 1) {
                throw new PermanentException(
                        "The wheel could not be built; the log is " + log + ":" + Shell.tail(log, 12), null);
            }
            return wheels.get(0);
        }
    }
}
