package org.dualform.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;
import org.dualform.model.family.Families;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.tokenizer.TextTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real files beside what transformers reads from them and saves as a folder. {@code DUALFORM_REAL_MODELS} names a folder
 * with the folders NAME; NAME.gguf lies there too, or in a folder {@code gguf} beside it.
 */
class RealGgufTest {
    private static final String VARIABLE = "DUALFORM_REAL_MODELS";
    private static final long[] IDS = {785, 3974, 13876, 38835, 34208, 916, 279, 15678, 5562, 13};

    private static Path models() {
        String models = System.getenv(VARIABLE);
        assumeTrue(models != null && !models.isBlank(), VARIABLE + " names no folder of real models");
        return Path.of(String.valueOf(models));
    }

    private static Path folder(String name) {
        Path folder = models().resolve(name);
        assumeTrue(Files.isDirectory(folder), "real model missing: " + folder);
        return folder;
    }

    private static Path file(String name) {
        Path here = models().resolve(name + ".gguf");
        Path file = Files.exists(here) ? here : models().resolveSibling("gguf").resolve(name + ".gguf");
        assumeTrue(Files.exists(file), "real model missing: " + here);
        return file;
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"qwen2.5-coder-0.5b", "gemma-3-270m"})
    void tenThousandLinesHaveTheIdsOfTransformersReading(String name) {
        try (TextTokenizer theirs = TextTokenizer.open(folder(name));
                TextTokenizer ours = TextTokenizer.open(file(name))) {
            assertThat(ours.bos()).isEqualTo(theirs.bos());
            assertThat(ours.eos()).isEqualTo(theirs.eos());
            for (String line : MixedText.lines(10_000, 2))
                assertThat(ours.encode(line)).as(line).isEqualTo(theirs.encode(line));
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"qwen2.5-coder-0.5b", "gemma-3-270m"})
    void theLogitsAreThoseOfTransformersReading(String name) {
        Path folder = folder(name);
        String family = ModelConfig.read(folder).text("model_type", "");
        assumeTrue(Families.names().contains(family), "family not supported: " + family);
        float[] theirs = logits(folder);
        float[] ours = logits(file(name));
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.length; i++) assertThat(ours[i]).isCloseTo(theirs[i], within(1e-4f));
    }

    private static float[] logits(Path model) {
        try (LanguageModel opened = LanguageModel.open(model);
                NDManager call = opened.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            NDArray hidden = opened.decoder().hidden(call, TokenBatch.row(call, IDS)); // (1, T, d)
            return opened.decoder().logits(call, hidden.get(":, -1")).toFloatArray(); // (1, V)
        }
    }
}
