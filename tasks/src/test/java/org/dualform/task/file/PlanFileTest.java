package org.dualform.task.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.prompt.Template;
import org.dualform.task.parameters.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a written file can be read again, and that its fields have a fixed order. */
class PlanFileTest {
    @TempDir
    Path folder;

    private static PlanFile plan() {
        Template template = new Template("topics", 1, List.of("text"), "{text} Label:", Map.of("a", "b"), null, null);
        Source model = new Source("mini", Path.of("/models/mini"), "d4bc", Optional.empty());
        Source dataset = new Source("topics", Path.of("/data/topics"), "0c24", Optional.of("acme/topics@1"));
        return new PlanFile(
                PlanFile.SCHEMA,
                Json.mapper().createObjectNode().put("model", "mini"),
                model,
                List.of(new PlanFile.Dataset(dataset, "validation", template)),
                List.of(new Result.Item(
                        "mini-topics",
                        "topics",
                        Json.mapper().createObjectNode().put("arm", "main"),
                        null,
                        null)),
                List.of(new Result.Item(
                        "mini-topics-s1",
                        "topics · seed 1",
                        Json.mapper().createObjectNode().put("seed", 1),
                        Map.of("select", 0),
                        7L)),
                2,
                "cpu",
                8,
                Json.mapper().createObjectNode().put("icl_tokens", 12),
                List.of("Mind the gap."));
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        plan().write(folder);
        assertThat(PlanFile.read(folder.resolve(PlanFile.FILE))).isEqualTo(plan());
    }

    @Test
    void fieldsStandInOneOrder() {
        assertThat(plan().toJson().fieldNames())
                .toIterable()
                .containsExactly(
                        "schema",
                        "spec",
                        "model",
                        "datasets",
                        "select",
                        "cells",
                        "threads",
                        "device",
                        "chunk_rows",
                        "cost",
                        "warnings");
        assertThat(plan().toJson().path("datasets").path(0).fieldNames())
                .toIterable()
                .containsExactly("name", "path", "sha256", "origin", "split", "template");
    }

    @Test
    void provenanceHasNoPlaces() {
        assertThat(plan().datasets().get(0).withoutPath().fieldNames())
                .toIterable()
                .containsExactly("name", "sha256", "origin", "split", "template");
    }

    @Test
    void whatIsInNoSuchFormIsNamed() throws Exception {
        Path file = folder.resolve(PlanFile.FILE);
        Files.writeString(file, "{\"schema\": 1, \"cells\": 3}");
        assertThatThrownBy(() -> PlanFile.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(file.toString(), "not in the form that plan writes");
    }
}
