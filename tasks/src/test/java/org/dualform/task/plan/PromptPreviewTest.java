package org.dualform.task.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.spec.Experiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptPreviewTest {
    @TempDir
    Path home;

    @Test
    void everyPieceIsShownWithItsTokens() throws Exception {
        Map<String, String> environment = Map.of(
                "DUALFORM_MODEL_ROOTS",
                Path.of(System.getProperty("dualform.root", "."))
                        .resolve("models")
                        .toString(),
                "DUALFORM_HOME",
                home.toString());
        String shown = PromptPreview.of(
                Experiment.draft(new ObjectMapper()
                        .readTree(
                                "{\"model\": \"mini\", \"datasets\": \"topics\", \"shots\": \"2\", \"seeds\": \"1\"}")),
                environment);
        assertThat(shown)
                .contains("template topics version 1", "1024 positions", "Asked for 2 demonstrations: 2 fit")
                .contains("opening (1)", "demonstration 2, train/", "its label", "its end (1)", "query validation/")
                .contains("label animal (1)")
                .containsPattern("│.*│")
                .containsPattern("\\[\\d+, \\d+");
    }
}
