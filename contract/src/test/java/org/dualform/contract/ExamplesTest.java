package org.dualform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the examples beside the schemas. A reader of the contract in any language can be tested on them. */
class ExamplesTest {
    private static final Path FOLDER = Path.of("examples");

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    private static Schemas schema(String name) {
        if (name.endsWith(".request.json")) return Schemas.REQUEST;
        if (name.endsWith(".result.json")) return Schemas.RESULT;
        if (name.startsWith("momentum")) return Schemas.MOMENTUM;
        if (name.startsWith("layers")) return Schemas.LAYERS;
        return name.startsWith("results") ? Schemas.RESULTS : Schemas.SPEC;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isValidAndReadsBackAsItWas(Path file) throws Exception {
        JsonNode json = Json.mapper().readTree(file.toFile());
        Schemas schema = schema(file.getFileName().toString());
        assertThat(schema.mistakes(json)).isEmpty();
        if (schema == Schemas.REQUEST) {
            Request request = Request.parse(json);
            assertThat(Request.parse(request.toJson())).isEqualTo(request);
        }
        if (schema == Schemas.RESULT) {
            assertThat(Json.canonical(Result.parse(json).toJson())).isEqualTo(Json.canonical(json));
        }
    }

    /** They have similarities, the baselines of these, and one similarity that is undefined, with its reason. */
    @Test
    void resultsWithRecordsAreAmongThem() throws Exception {
        JsonNode rows = Json.mapper()
                .readTree(FOLDER.resolve("results-recorded.json").toFile())
                .path("rows");
        JsonNode metrics = rows.path(0).path("metrics");
        for (String similarity : List.of("sim_aou", "sim_aou.raw", "sim_am", "sim_am.delta", "kendall.token")) {
            for (String suffix : List.of("", ".random", ".random_uniform", ".permuted", ".noise_floor", ".lcgd"))
                assertThat(metrics.path(similarity + suffix).path("value").isNumber())
                        .as(similarity + suffix)
                        .isTrue();
        }
        assertThat(metrics.path("sim_am.before_ft").path("value").isNumber()).isTrue();
        assertThat(metrics.path("recall.token").path("value").isNull()).isTrue();
        assertThat(metrics.path("recall.token").path("reason").asText()).startsWith("undefined in every layer");
        assertThat(rows.findValuesAsText("arm")).containsExactly("main", "lcgd");
    }

    @Test
    void everyKindHasARequestAndAResult() throws Exception {
        JsonNode kinds =
                Schemas.REQUEST.document().path("properties").path("kind").path("enum");
        List<String> names =
                examples().stream().map(f -> f.getFileName().toString()).toList();
        for (JsonNode kind : kinds) {
            for (String end : List.of("request", "result")) {
                assertThat(names).anyMatch(name -> name.matches(kind.asText() + "(-[a-z]+)?\\." + end + "\\.json"));
            }
        }
    }
}
