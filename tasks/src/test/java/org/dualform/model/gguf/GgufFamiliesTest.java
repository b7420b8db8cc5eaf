package org.dualform.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;
import org.dualform.model.Transformers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small models of every family, written by the {@code gguf} package: the logits are those of the models themselves. */
class GgufFamiliesTest {
    private static final List<String> MODELS = List.of(
            "llama",
            "llama-tied",
            "llama-biases",
            "llama3-rope",
            "mistral",
            "qwen2",
            "qwen3",
            "gemma",
            "phi2",
            "gpt2",
            "gptneox",
            "gptneox-serial");
    private static final long[] IDS = {5, 9, 33, 2, 77, 41, 8};

    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void everyFamilyGivesTheLogitsOfTheModelAndOfTransformersReading() throws Exception {
        List<String> arguments = new ArrayList<>(List.of(folder.toString(), Arrays.toString(IDS)));
        arguments.addAll(MODELS);
        JsonNode theirs =
                Transformers.run(GgufFamiliesTest.class, "gguf_models.py", arguments.toArray(String[]::new));
        assertThat(theirs).hasSameSizeAs(MODELS);
        for (Map.Entry<String, JsonNode> model : theirs.properties()) {
            float[] whole = logits(model.getKey() + ".gguf");
            assertClose(model.getKey(), whole, model.getValue().get("original"));
            float[] quantised = logits(model.getKey() + "-q8_0.gguf");
            if (!model.getValue().has("read")) continue;
            assertClose(model.getKey(), whole, model.getValue().get("read"));
            assertClose(model.getKey() + " in Q8_0", quantised, model.getValue().get("read-q8_0"));
        }
    }

    private static void assertClose(String name, float[] ours, JsonNode theirs) {
        assertThat(theirs).hasSize(ours.length);
        for (int i = 0; i < ours.length; i++)
            assertThat(ours[i]).as(name).isCloseTo((float) theirs.get(i).asDouble(), within(1e-4f));
    }

    private float[] logits(String file) {
        try (LanguageModel opened = LanguageModel.open(folder.resolve(file));
                NDManager call = opened.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            opened.requireFinite();
            NDArray hidden = opened.decoder().hidden(call, TokenBatch.row(call, IDS)); // (1, T, d)
            return opened.decoder().logits(call, hidden.get(":, -1")).toFloatArray(); // (1, V)
        }
    }
}
