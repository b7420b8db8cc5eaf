package org.dualform.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.safetensors.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WidenedTensorTest {
    @TempDir
    Path folder;

    /** One tensor of 16-bit values, shape (2, 3). */
    private SafetensorsFile file(String type, int... bits) throws Exception {
        String header = "{\"w\":{\"dtype\":\"%s\",\"shape\":[2,3],\"data_offsets\":[0,12]}}".formatted(type);
        ByteBuffer data = ByteBuffer.allocate(8 + header.length() + 12).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
        for (int b : bits) data.putShort((short) b);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(data.array());
        return SafetensorsFile.open(Files.write(folder.resolve("w.safetensors"), out.toByteArray()));
    }

    private static void check(SafetensorsFile file, DataType type) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                NDArray w = ArrayReader.load(file, manager, file.tensors().get("w"), type)) {
            assertThat(w.getShape().getShape()).containsExactly(2, 3);
            assertThat(w.toType(DataType.FLOAT64, true).toDoubleArray()).containsExactly(1, -2, 0.5, 0, 3, -1);
        }
    }

    @Test
    void bfloat16KeepsItsValues() throws Exception {
        SafetensorsFile file = file("BF16", 0x3f80, 0xc000, 0x3f00, 0, 0x4040, 0xbf80);
        check(file, DataType.FLOAT32);
        check(file, DataType.FLOAT64);
    }

    @Test
    void float16KeepsItsValues() throws Exception {
        SafetensorsFile file = file("F16", 0x3c00, 0xc000, 0x3800, 0, 0x4200, 0xbc00);
        check(file, DataType.FLOAT32);
        check(file, DataType.FLOAT64);
    }
}
