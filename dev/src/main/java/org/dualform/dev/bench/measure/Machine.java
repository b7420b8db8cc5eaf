package org.dualform.dev.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Describes the machine of a benchmark, as far as the numbers depend on it. */
public final class Machine {
    private static final Path GPUS = Path.of("/proc/driver/nvidia/gpus");
    private static final String MODEL = "Model:";

    private Machine() {}

    /** The machine as text, such as "2 cores, Linux amd64, Java 17.0.15". */
    public static String text() {
        StringBuilder text = new StringBuilder()
                .append(Runtime.getRuntime().availableProcessors() + " cores, ")
                .append(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .append(", Java " + System.getProperty("java.version"));
        gpus().forEach(gpu -> text.append(", ").append(gpu));
        return text.toString();
    }

    /** The graphics processors as NVIDIA's driver names them; empty without that driver. */
    private static List<String> gpus() {
        if (!Files.isDirectory(GPUS)) return List.of();
        try (Stream<Path> found = Files.list(GPUS)) {
            return found.map(gpu -> gpu.resolve("information"))
                    .filter(Files::isReadable)
                    .flatMap(Machine::models)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> models(Path information) {
        try {
            return Files.readAllLines(information).stream()
                    .filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(MODEL.length()).trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
