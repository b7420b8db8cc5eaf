package org.dualform.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufWriter;
import org.dualform.model.ComputeDevice;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The built-in model as a GGUF file, and what is wrong with such files. */
class GgufModelTest {
    private static final long[] IDS = {0, 5, 80, 301, 7, 44, 9};

    @TempDir
    Path folder;

    private static float[] logits(LanguageModel opened) {
        try (opened;
                NDManager call = opened.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            NDArray hidden = opened.decoder().hidden(call, TokenBatch.row(call, IDS)); // (1, T, d)
            NDArray logits = opened.decoder().logits(call, hidden.get(":, -1")); // (1, V)
            return logits.toType(DataType.FLOAT32, true).toFloatArray();
        }
    }

    @Test
    void theSameNumbersGiveTheSameLogits() throws IOException {
        Path file = MiniGguf.writer().write(folder.resolve("mini.gguf"));
        assertThat(logits(LanguageModel.open(file))).isEqualTo(logits(LanguageModel.open(MiniGguf.FOLDER)));
        assertThat(logits(LanguageModel.open(file, DataType.FLOAT64)))
                .isEqualTo(logits(LanguageModel.open(MiniGguf.FOLDER, DataType.FLOAT64)));
        assertThat(logits(LanguageModel.openUntrained(file, false, ComputeDevice.CPU)))
                .isEqualTo(logits(LanguageModel.openUntrained(MiniGguf.FOLDER, false, ComputeDevice.CPU)));
    }

    @Test
    void everythingWrongWithTheMetadataIsSaidAtOnce() throws IOException {
        assertRefused(MiniGguf.writer().put("general.architecture", "mamba"), "\"mamba\"", "llama", "qwen2");
        assertRefused(MiniGguf.writer().without("general.architecture"), "\"\"", "general.architecture");
        assertRefused(
                MiniGguf.writer()
                        .without("llama.block_count")
                        .put("llama.embedding_length", -1)
                        .put("llama.attention.head_count", List.of(4, 4, 2))
                        .put("llama.rope.freq_base", Float.NaN),
                "\"llama.block_count\" is missing",
                "\"llama.embedding_length\" has to be a whole number",
                "\"llama.attention.head_count\" has to be a whole number",
                "\"llama.rope.freq_base\" has to be a number above 0");
        assertRefused(MiniGguf.writer().put("llama.rope.dimension_count", 16), "rope.dimension_count", "as a whole");
        assertRefused(MiniGguf.writer().put("llama.rope.scaling.type", "other"), "rotary type \"other\"");
        assertRefused(MiniGguf.writer().put("llama.attention.head_count_kv", 3), "no multiple of 2 x 3 heads");
        assertRefused(MiniGguf.writer().put("llama.attention.head_count", 5), "heads of this family");
        assertRefused(MiniGguf.writer().put("llama.block_count", 2), "belongs to a layer beyond the 2", "metadata of");
        assertRefused(
                MiniGguf.writer().put("llama.block_count", 4), "model.layers.3.self_attn.q_proj.weight is missing");
        assertRefused(
                MiniGguf.writer().put("llama.feed_forward_length", 255), "has the shape [256, 128]", "metadata of");
        assertRefused(MiniGguf.writer().floats("rope_freqs.weight", new float[3], 3), "16 rotary factors, all above 0");
    }

    @Test
    void numbersThatAreNoneAreFound() throws IOException {
        Path file = MiniGguf.writer().write(folder.resolve("mini.gguf"));
        try (LanguageModel model = LanguageModel.open(file)) {
            model.requireFinite();
        }
        GgufWriter tied = MiniGguf.writer().floats("output.weight", head(), 411, 128);
        try (LanguageModel model = LanguageModel.open(tied.write(folder.resolve("bad.gguf")))) {
            assertThatThrownBy(model::requireFinite)
                    .isInstanceOf(UserException.class)
                    .hasMessageContainingAll("bad.gguf", "lm_head.weight", "element 129");
        }
    }

    private static float[] head() {
        float[] numbers = new float[411 * 128];
        numbers[129] = Float.NaN;
        return numbers;
    }

    private void assertRefused(GgufWriter writer, String... words) throws IOException {
        Path file = writer.write(folder.resolve("bad.gguf"));
        assertThatThrownBy(() -> LanguageModel.open(file).close())
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("bad.gguf")
                .hasMessageContainingAll(words);
    }

    /** Every row of a tensor is read once, whatever the layout. */
    @ParameterizedTest
    @EnumSource(Layout.class)
    void everyLayoutIsAPermutation(Layout layout) {
        int heads = 3;
        int rows = 6 * heads * layout.group();
        assertThat(LongStream.range(0, rows).map(row -> layout.sourceRow(row, rows, heads)))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, rows).boxed().toList());
    }
}
