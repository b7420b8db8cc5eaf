package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests checkpoints whose tensors have names that a wrapper of training gave them. */
class WrappedCheckpointTest {
    private static final Path MINI =
            Path.of(System.getProperty("dualform.root", "..")).resolve("models/mini");

    @TempDir
    Path folder;

    /** A copy of the built-in model with other names. */
    private Path renamed(UnaryOperator<String> name) throws IOException {
        byte[] file = Files.readAllBytes(MINI.resolve("model.safetensors"));
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(in.getLong());
        var header = Json.mapper().createObjectNode();
        Json.mapper()
                .readTree(file, Long.BYTES, length)
                .properties()
                .forEach(entry -> header.set(
                        entry.getKey().equals("__metadata__") ? entry.getKey() : name.apply(entry.getKey()),
                        entry.getValue()));
        byte[] text = (Json.write(header) + " ".repeat(8)).getBytes(StandardCharsets.UTF_8);
        int padded = text.length / 8 * 8;
        ByteBuffer out =
                ByteBuffer.allocate(8 + padded + file.length - 8 - length).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(padded).put(text, 0, padded).put(file, 8 + length, file.length - 8 - length);
        Files.write(folder.resolve("model.safetensors"), out.array());
        Files.writeString(folder.resolve("config.json"), Files.readString(MINI.resolve("config.json")));
        return folder;
    }

    private static float[] logits(Path model) {
        try (LanguageModel opened = LanguageModel.open(model);
                NDManager call = opened.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            Objects.requireNonNull(off);
            opened.requireFinite();
            NDArray hidden = opened.decoder().hidden(call, TokenBatch.row(call, new long[] {0, 5, 7})); // (1, 3, d)
            return opened.decoder().logits(call, hidden.get(":, -1")).toFloatArray();
        }
    }

    @Test
    void whatAllNamesBeginWithIsPassedOver() throws IOException {
        float[] expected = logits(MINI);
        for (String wrapper : new String[] {"_orig_mod.", "module.", "module._orig_mod."}) {
            assertThat(logits(renamed(name -> wrapper + name))).as(wrapper).containsExactly(expected);
        }
    }

    @Test
    void anotherBeginningIsNamedAsTheWayOut() throws IOException {
        Path adapted = renamed(name -> "base_model." + name);
        assertThatThrownBy(() -> LanguageModel.open(adapted))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The tensor model.embed_tokens.weight is missing")
                .hasMessageContaining("The file has base_model.model.embed_tokens.weight");
        Path half = renamed(name -> name.contains("norm") ? "_orig_mod." + name : name);
        assertThatThrownBy(() -> LanguageModel.open(half))
                .hasMessageContaining("The file has _orig_mod.model.norm.weight");
    }
}
