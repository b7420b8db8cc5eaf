package org.dualform.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares every type's numbers, to the last bit, with those that the {@code gguf} package gives for the same blocks. */
class DequantizedBlocksTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(GgufType.class)
    void everyTypeHasTheNumbersOfThePackage(GgufType type) throws Exception {
        JsonNode reference;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("dequantised.json"))) {
            reference = new ObjectMapper().readTree(in).path(type.name());
        }
        byte[] blocks = Base64.getDecoder().decode(reference.path("blocks").asText());
        ByteBuffer wanted = ByteBuffer.wrap(
                        Base64.getDecoder().decode(reference.path("numbers").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        int count = wanted.remaining() / Float.BYTES;
        // Two rows after a third, so that rows and places are told apart.
        byte[] data = new byte[blocks.length * 3 / 2];
        System.arraycopy(blocks, 0, data, blocks.length / 2, blocks.length);
        Path file = new GgufWriter().tensor("w", type, data, 3, count / 2).write(folder.resolve("w.gguf"));
        GgufTensor tensor = Objects.requireNonNull(GgufFile.open(file).tensors().get("w"));
        float[] numbers = new float[count + 1];
        try (FileChannel channel = FileChannel.open(file)) {
            tensor.read(channel, 1, 2, numbers, 1);
        }
        for (int i = 0; i < count; i++) {
            assertThat(Float.floatToRawIntBits(numbers[i + 1]))
                    .as("%s, number %d: %s and %s", type, i, numbers[i + 1], wanted.getFloat(4 * i))
                    .isEqualTo(Float.floatToRawIntBits(wanted.getFloat(4 * i)));
        }
        assertThat(numbers[0]).isZero();
    }
}
