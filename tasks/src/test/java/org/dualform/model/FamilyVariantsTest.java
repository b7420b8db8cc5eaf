package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variants of families that no stored case has. */
class FamilyVariantsTest {
    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void everyVariantGivesTheLogitsOfTransformers() throws Exception {
        long[] ids =
                LongStream.range(0, 40).map(i -> (7 * i * i + 3 * i + 1) % 97).toArray();
        JsonNode theirs = Transformers.run(
                FamilyVariantsTest.class, "family_variants.py", folder.toString(), Arrays.toString(ids));
        assertThat(theirs).hasSize(8);
        for (Map.Entry<String, JsonNode> variant : theirs.properties()) {
            float[] ours = logits(folder.resolve(variant.getKey()), ids);
            assertThat(ours).hasSize(97);
            for (int i = 0; i < ours.length; i++) {
                assertThat(ours[i])
                        .as(variant.getKey())
                        .isCloseTo((float) variant.getValue().get(i).asDouble(), within(1e-5f));
            }
        }
    }

    private static float[] logits(Path model, long[] ids) {
        try (LanguageModel opened = LanguageModel.open(model);
                NDManager call = opened.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            NDArray hidden = opened.decoder().hidden(call, TokenBatch.row(call, ids)); // (1, T, d)
            return opened.decoder().logits(call, hidden.get(":, -1")).toFloatArray(); // (1, V)
        }
    }
}
