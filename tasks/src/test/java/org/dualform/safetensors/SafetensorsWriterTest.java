package org.dualform.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.contract.PermanentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    private static final NewTensor A = NewTensor.of("a", StoredType.F32, 2, 3);
    private static final NewTensor B = NewTensor.of("b", StoredType.F32, 2);

    @TempDir
    private Path folder;

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Path file = folder.resolve("x.safetensors");
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of("k", "v"), List.of(B))) {
            writer.write("b", 0, new float[] {1, -2});
        }
        String header =
                "{\"__metadata__\":{\"k\":\"v\"},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        int padded = (header.length() + 7) / 8 * 8;
        ByteBuffer expected = ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded).put(header.getBytes(StandardCharsets.UTF_8));
        while (expected.position() < 8 + padded) expected.put((byte) ' ');
        expected.putFloat(1).putFloat(-2);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    }

    @Test
    void numbersAreReadBackFromWhereverTheyWereWritten() {
        Path file = folder.resolve("x.safetensors");
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), List.of(A, B))) {
            writer.write("b", 1, new float[] {8});
            writer.write("a", 3, new float[] {4, 5, 6});
            writer.write("a", 0, new float[] {1, 2});
        }
        SafetensorsFile read = SafetensorsFile.open(file);
        assertThat(read.tensors()).containsOnlyKeys("a", "b");
        assertThat(read.tensors().get("a").dimensions()).containsExactly(2, 3);
        assertThat(floats(read, "a", 0, 6)).containsExactly(1, 2, 0, 4, 5, 6);
        assertThat(floats(read, "b", 0, 2)).containsExactly(0, 8);
        assertThat(floats(read, "a", 4, 2)).containsExactly(5, 6);
        assertThatThrownBy(() -> floats(read, "a", 5, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void elementsOfEveryTypeGoToTheirPlace() {
        Path file = folder.resolve("x.safetensors");
        List<NewTensor> tensors =
                List.of(NewTensor.of("h", StoredType.F16, 3), A, NewTensor.of("scalar", StoredType.I64));
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), tensors)) {
            ByteBuffer infinite = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
            writer.write(
                    "h", 1, StoredType.F16, infinite.putShort((short) 0x7c00).flip());
        }
        SafetensorsFile read = SafetensorsFile.open(file);
        assertThat(read.firstNonFinite(read.tensors().get("h"))).hasValue(1);
        assertThat(read.tensors().get("scalar").size()).isEqualTo(1);
    }

    @Test
    void equalContentGivesEqualBytesWhateverTheOrderOfTheMetadata() throws IOException {
        Map<String, String> other = new LinkedHashMap<>();
        other.put("z", "1");
        other.put("a", "2");
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        SafetensorsWriter.create(first, other, List.of(B)).close();
        SafetensorsWriter.create(second, Map.of("a", "2", "z", "1"), List.of(B)).close();
        assertThat(first).hasSameBinaryContentAs(second);
        assertThat(SafetensorsFile.open(first).metadata()).isEqualTo(other);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Path file = folder.resolve("x.safetensors");
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), List.of(A, B))) {
            assertThatThrownBy(() -> writer.write("b", 1, new float[2])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.write("b", -1, new float[1])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.write("c", 0, new float[1])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.write("b", 0, StoredType.I64, ByteBuffer.allocate(8)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SafetensorsWriter.create(file, Map.of(), List.of(B, B)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SafetensorsWriter.create(folder.resolve("no/x"), Map.of(), List.of(B)))
                .isInstanceOf(PermanentException.class)
                .hasMessageContaining("cannot be written");
    }

    /** The file is sparse: it takes hardly any room on the disk. */
    @Test
    void numbersAreReadAcrossTheBorderOfTwoMappings() {
        long border = 1L << 28;
        Path file = folder.resolve("large.safetensors");
        try (SafetensorsWriter writer = SafetensorsWriter.create(
                file, Map.of(), List.of(B, NewTensor.of("large", StoredType.F32, border + 4)))) {
            writer.write("large", border - 4, new float[] {1, 2, 3, 4, 5, 6, 7, 8});
        }
        assertThat(floats(SafetensorsFile.open(file), "large", border - 4, 8)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    private static float[] floats(SafetensorsFile file, String tensor, long index, int count) {
        float[] values = new float[count];
        MappedFloats.map(file).read(file.tensors().get(tensor), index, values, count);
        return values;
    }
}
