package org.dualform.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that no mutated tokenizer.json ends the process. The property {@code dualform.mutations} sets how many are tried:
 * {@code ./mvnw test -pl tasks -am -Dtest=MutatedTokenizersTest -Ddualform.mutations=10000
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class MutatedTokenizersTest {
    private static final int MUTATIONS = Integer.getInteger("dualform.mutations", 300);

    @Tag("slow")
    @Test
    void noMutatedTokenizerEndsTheProcess(@TempDir Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Xss1m",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        MutatedTokenizers.class.getName(),
                        folder.toString(),
                        System.getProperty("dualform.seed", "0"),
                        Integer.toString(MUTATIONS)))
                .directory(folder.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        String errors = Files.readString(folder.resolve("errors"));
        assertThat(process.waitFor()).as(() -> errors + told(folder)).isZero();
        assertThat(Integer.parseInt(out)).isBetween(MUTATIONS / 20, MUTATIONS - MUTATIONS / 20);
    }

    private static String told(Path folder) {
        try {
            return "\nseed " + Files.readString(folder.resolve("seed")) + ": "
                    + Files.readString(folder.resolve("tokenizer.json"));
        } catch (IOException e) {
            return "\n" + e;
        }
    }
}
