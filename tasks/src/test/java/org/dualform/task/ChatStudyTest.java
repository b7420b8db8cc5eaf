package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.model.gguf.MiniGguf;
import org.dualform.spec.choice.ChatDemonstrations;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole studies with the built-in model and a chat template, from the plan to the report. */
class ChatStudyTest {
    private static final String TEMPLATE = "{{ bos_token }}{% for m in messages %}{{ m.role }} : {{ m.content }}"
            + "{{ eos_token }}{% endfor %}{% if add_generation_prompt %}assistant :{% endif %}";

    @TempDir
    Path folder;

    /** The study ends with numbers of both methods, and its report says in which form the prompts were. */
    @ParameterizedTest
    @EnumSource
    void bothFormsRunToTheReport(ChatDemonstrations form) throws IOException {
        Chain.Ended ended = run(form.id());
        JsonNode results = Json.mapper().readTree(Files.readAllBytes(ended.results()));
        assertThat(results.path("spec").path("chat").asText()).isEqualTo("auto");
        assertThat(results.path("rows")).hasSize(2).allSatisfy(row -> {
            assertThat(row.path("status").asText()).isEqualTo("ok");
            for (String method : List.of("icl.accuracy", "ft.accuracy"))
                assertThat(row.path("metrics").path(method).path("n").asInt()).isEqualTo(6);
        });
        assertThat(reports())
                .isNotEmpty()
                .allSatisfy(report -> assertThat(report.replace("&#34;", "\""))
                        .contains("\"chat\" : \"auto\"", "\"chat_demonstrations\" : \"" + form.id() + "\""));
    }

    private Chain.Ended run(String form) throws IOException {
        Path model = Files.createDirectories(folder.resolve("talker"));
        try (Stream<Path> files = Files.list(MiniGguf.FOLDER)) {
            for (Path file : files.toList()) Files.copy(file, model.resolve(file.getFileName()));
        }
        Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
        return WholeChain.run(folder, """
                {"model": "%s", "datasets": "topics", "shots": "0,2", "seeds": "1", "limit": 6, "chat": "auto",
                 "chat_demonstrations": "%s", "learning_rate": 0.01, "select_on": "none", "record": false}
                """.formatted(model, form));
    }

    private List<String> reports() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("w"))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".html"))
                    .map(ChatStudyTest::text)
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
