package org.dualform.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes GGUF files for tests. Metadata are texts, {@code Integer} (as unsigned), {@code Float}, {@code Boolean}, {@code
 * Short} (as 16 unsigned bits) and lists of one of these.
 */
public final class GgufWriter {
    private static final int ALIGNMENT = 32;

    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final List<Tensor> tensors = new ArrayList<>();
    private int version = 3;

    private record Tensor(String name, GgufType type, long[] shape, byte[] data) {}

    public GgufWriter put(String key, Object value) {
        metadata.put(key, value);
        return this;
    }

    public GgufWriter without(String key) {
        metadata.remove(key);
        return this;
    }

    GgufWriter version(int number) {
        version = number;
        return this;
    }

    /** @param shape rows first */
    public GgufWriter tensor(String name, GgufType type, byte[] data, long... shape) {
        tensors.add(new Tensor(name, type, shape, data));
        return this;
    }

    /** A tensor of 32-bit numbers. */
    public GgufWriter floats(String name, float[] numbers, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(numbers);
        return tensor(name, GgufType.F32, data.array(), shape);
    }

    /** The bytes of the header alone. */
    byte[] header() {
        Bytes out = new Bytes();
        out.number(0x46554747, 4).number(version, 4).number(tensors.size(), 8).number(metadata.size(), 8);
        metadata.forEach((key, value) -> {
            out.text(key).number(type(value), 4);
            value(out, value);
        });
        long offset = 0;
        for (Tensor tensor : tensors) {
            out.text(tensor.name).number(tensor.shape.length, 4);
            for (int i = tensor.shape.length - 1; i >= 0; i--) out.number(tensor.shape[i], 8);
            out.number(tensor.type.id(), 4).number(offset, 8);
            offset += padded(tensor.data.length);
        }
        return out.bytes.toByteArray();
    }

    public byte[] bytes() {
        byte[] header = header();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header);
        out.writeBytes(new byte[padded(header.length) - header.length]);
        for (Tensor tensor : tensors) {
            out.writeBytes(tensor.data);
            out.writeBytes(new byte[padded(tensor.data.length) - tensor.data.length]);
        }
        return out.toByteArray();
    }

    public Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }

    private static int padded(int n) {
        return (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static int type(Object value) {
        if (value instanceof Integer) return 4;
        if (value instanceof Short) return 2;
        if (value instanceof Float) return 6;
        if (value instanceof Boolean) return 7;
        return value instanceof String ? 8 : 9;
    }

    private static void value(Bytes out, Object value) {
        if (value instanceof Integer n) out.number(n, 4);
        else if (value instanceof Short n) out.number(n, 2);
        else if (value instanceof Float x) out.number(Float.floatToRawIntBits(x), 4);
        else if (value instanceof Boolean is) out.number(is ? 1 : 0, 1);
        else if (value instanceof String text) out.text(text);
        else {
            List<?> list = (List<?>) value;
            out.number(list.isEmpty() ? 4 : type(list.get(0)), 4).number(list.size(), 8);
            for (Object each : list) value(out, each);
        }
    }

    private static final class Bytes {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Bytes number(long n, int width) {
            for (int i = 0; i < width; i++) bytes.write((int) (n >>> 8 * i));
            return this;
        }

        Bytes text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            number(utf8.length, 8);
            bytes.writeBytes(utf8);
            return this;
        }
    }
}
