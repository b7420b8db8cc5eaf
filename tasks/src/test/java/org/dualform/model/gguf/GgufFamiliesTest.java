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
import org.dualform.model.family.Families;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small models of every family, written by the {@code gguf} package: the logits are those of the models themselves. */
class GgufFamiliesTest {
    /** The models of the script, and what a family has to be called to be supported. */
    private static final Map<String, String> MODELS = Map.ofEntries(
            Map.entry("llama", "llama"),
            Map.entry("llama-tied", "llama"),
            Map.entry("llama-biases", "llama"),
            Map.entry("llama3-rope", "llama"),
            Map.entry("mistral", "llama"),
            Map.entry("qwen2", "qwen2"),
            Map.entry("qwen3", "qwen3"),
            Map.entry("gemma", "gemma"),
            Map.entry("gemma2", "gemma2"),
            Map.entry("gemma3", "gemma3_text"),
            Map.entry("phi3", "phi3"),
            Map.entry("olmo2", "olmo2"),
            Map.entry("smollm3", "smollm3"),
            Map.entry("granite", "granite"),
            Map.entry("starcoder2", "starcoder2"),
            Map.entry("stablelm", "stablelm"),
            Map.entry("stablelm-parallel", "stablelm"),
            Map.entry("phi2", "phi"),
            Map.entry("gpt2", "gpt2"),
            Map.entry("gptneox", "gpt_neox"),
            Map.entry("gptneox-serial", "gpt_neox"),
            Map.entry("bloom", "bloom"));

    private static final long[] IDS = {5, 9, 33, 2, 77, 41, 8};

    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void everyFamilyGivesTheLogitsOfTheModelAndOfTransformersReading() throws Exception {
        List<String> arguments = new ArrayList<>(List.of(folder.toString(), Arrays.toString(IDS)));
        List<String> models = MODELS.keySet().stream()
                .filter(model -> Families.names().contains(MODELS.get(model)))
                .sorted()
                .toList();
        arguments.addAll(models);
        Transformers.assumePackage("gguf");
        JsonNode theirs = Transformers.run(GgufFamiliesTest.class, "gguf_models.py", arguments.toArray(String[]::new));
        assertThat(theirs).hasSameSizeAs(models);
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
