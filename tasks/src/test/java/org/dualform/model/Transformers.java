package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Computes with the transformers library. A test that needs it is skipped if no Python has it. */
public final class Transformers {
    private Transformers() {}

    /**
     * Runs a script that lies beside {@code test} among the resources.
     *
     * @return the JSON that it prints
     */
    public static JsonNode run(Class<?> test, String script, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(python(), file(test, script)));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return new ObjectMapper().readTree(out);
    }

    /** Skips the test where that Python lacks a package. */
    public static void assumePackage(String name) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(python(), "-c", "import " + name)
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        assumeTrue(process.waitFor() == 0, "the Python with transformers has no package " + name);
    }

    private static String python() {
        String python = System.getenv("DUALFORM_TRANSFORMERS_PYTHON");
        assumeTrue(
                python != null,
                "no Python with torch and transformers: ./dualform environments peers installs one (6 GB), or name"
                        + " one by DUALFORM_TRANSFORMERS_PYTHON");
        return Objects.requireNonNull(python);
    }

    private static String file(Class<?> test, String script) {
        try {
            return Path.of(Objects.requireNonNull(test.getResource(script)).toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
