package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.contract.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task process that is told to stop. */
class SignalTest {
    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void sigtermEndsCleanlyWithinThreeSeconds() throws Exception {
        Path recipe = Path.of(System.getProperty("dualform.root", "."), "models/mini/recipe.yaml");
        ObjectMapper yaml = new YAMLMapper();
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.set("recipe", yaml.readTree(recipe.toFile()));
        Path workspace = folder.resolve("w");
        Request request =
                new Request(Request.SCHEMA, "pretrain", null, null, parameters, Map.of(), workspace.toString(), false);
        Path file = Files.createDirectories(workspace).resolve("request.json");
        Files.writeString(file, Json.pretty(request.toJson()));
        Process process = new ProcessChain(workspace, Map.of()).start("pretrain", file, folder.resolve("result.json"));
        try {
            Path log = folder.resolve("w/request.json.log");
            awaitProgress(process, log);
            Instant told = Instant.now();
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Duration.between(told, Instant.now())).isLessThan(Duration.ofSeconds(3));
            assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(143);
            assertThat(folder.resolve("result.json")).doesNotExist();
            try (Stream<Path> left = Files.list(workspace.resolve("tmp"))) {
                assertThat(left).isEmpty();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void awaitProgress(Process process, Path log) throws Exception {
        Instant end = Instant.now().plusSeconds(90);
        while (!Files.exists(log) || !Files.readString(log).contains("\"what\":\"pretraining, steps\"")) {
            assertThat(process.isAlive()).as(() -> "ended early, see " + log).isTrue();
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(100);
        }
    }
}
