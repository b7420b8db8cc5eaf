package org.dualform.dev.bench.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;

/**
 * Makes a checkpoint of a given shape with random weights. Speed does not depend on their values. The seed is fixed, so
 * that every checkpoint of a shape has the same values. Matrices are uniform with variance 1 / fan-in, and norms are
 * about 1.
 */
public final class RandomCheckpoint {
    private static final int SEED = 20_231_219;
    private static final int CHUNK = 1 << 18;

    private RandomCheckpoint() {}

    /** Returns the checkpoint's folder under {@code parent}, and makes it if it does not exist. */
    public static Path make(Path parent, ModelShape shape) {
        Path folder = parent.resolve(shape.name());
        Path weights = folder.resolve("model.safetensors");
        if (Files.exists(weights)) return folder;
        Path part = folder.resolve("model.safetensors.part");
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), Json.pretty(shape.config()));
            try (OutputStream out = Files.newOutputStream(part)) {
                out.write(header(shape));
                SplittableRandom random = new SplittableRandom(SEED);
                for (Map.Entry<String, long[]> tensor : shape.tensors().entrySet()) {
                    write(out, tensor.getKey(), tensor.getValue(), random);
                }
            }
            Files.move(part, weights, StandardCopyOption.ATOMIC_MOVE);
            return folder;
        } catch (IOException e) {
            throw new PermanentException("The random checkpoint " + folder + " cannot be written: " + e, e);
        } finally {
            part.toFile().delete();
        }
    }

    private static byte[] header(ModelShape shape) {
        ObjectNode root = Json.mapper().createObjectNode();
        root.putObject("__metadata__").put("format", "pt");
        long at = 0;
        for (Map.Entry<String, long[]> tensor : shape.tensors().entrySet()) {
            ObjectNode node = root.putObject(tensor.getKey()).put("dtype", "F32");
            for (long dimension : tensor.getValue()) node.withArray("shape").add(dimension);
            long end = at + Float.BYTES * size(tensor.getValue());
            node.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] json = Json.write(root).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return ByteBuffer.allocate(8 + padded.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded.length)
                .put(padded)
                .array();
    }

    private static void write(OutputStream out, String name, long[] dimensions, SplittableRandom random)
            throws IOException {
        boolean matrix = dimensions.length == 2;
        boolean normWeight = !matrix && name.endsWith("weight");
        float middle = normWeight ? 1 : 0;
        float half = matrix ? (float) Math.sqrt(3.0 / Math.min(dimensions[0], dimensions[1])) : 0.2f;
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (long left = size(dimensions); left > 0; left -= CHUNK) {
            bytes.clear();
            for (long i = Math.min(left, CHUNK); i > 0; i--) {
                bytes.putFloat(middle + half * ((random.nextInt() >> 7) * 0x1p-24f));
            }
            out.write(bytes.array(), 0, bytes.position());
        }
    }

    private static long size(long[] dimensions) {
        return Arrays.stream(dimensions).reduce(1, (a, b) -> a * b);
    }
}
