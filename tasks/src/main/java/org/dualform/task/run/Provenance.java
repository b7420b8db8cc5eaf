package org.dualform.task.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.stream.Stream;

/** The origin of a result: content key, versions, machine and times. */
public final class Provenance {
    private Provenance() {}

    static ObjectNode of(TaskKind<?> kind, String key, Instant started, Instant finished) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("key", key);
        node.put("algorithm", kind.algorithmVersion());
        node.set("versions", versions());
        node.set("machine", machine());
        node.putObject("times")
                .put("started", started.toString())
                .put("finished", finished.toString())
                .put("seconds", Duration.between(started, finished).toMillis() / 1000.0);
        return node;
    }

    /** The versions of Dualform, Java, DJL and PyTorch, and the commit that Dualform was built from, if it is known. */
    public static ObjectNode versions() {
        Properties build = build();
        ObjectNode versions = JsonNodeFactory.instance.objectNode();
        versions.put("dualform", build.getProperty("version", "unknown"));
        String commit = build.getProperty("commit", "");
        if (!commit.isBlank()) versions.put("commit", commit);
        versions.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        versions.put("djl", build.getProperty("djl", "unknown"));
        versions.put("pytorch", build.getProperty("pytorch", "unknown"));
        return versions;
    }

    /** The machine that this process runs on. */
    public static ObjectNode machine() {
        ObjectNode machine = JsonNodeFactory.instance.objectNode();
        machine.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        machine.put("cpu", cpu());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        return machine;
    }

    /** The processor's name, or its architecture if the system does not tell the name. */
    private static String cpu() {
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            try (Stream<String> lines = Files.lines(info, StandardCharsets.UTF_8)) {
                String name = lines.filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).trim())
                        .orElse("");
                if (!name.isEmpty()) return name;
            } catch (IOException | UncheckedIOException e) {
                return System.getProperty("os.arch");
            }
        }
        return System.getProperty("os.arch");
    }

    private static Properties build() {
        Properties properties = new Properties();
        try (InputStream in = Provenance.class.getResourceAsStream("build.properties")) {
            if (in != null) properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties could not be read", e);
        }
    }
}
