package org.dualform.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the header of a safetensors file: eight bytes that give its length, little-endian; then JSON; then the
 * data, which the tensors must cover without gap or overlap. Nothing that the header claims is used before it is checked.
 */
final class SafetensorsHeader {
    /** The key of the texts about the whole file. */
    static final String METADATA = "__metadata__";

    /** The format's own limit on the header. */
    private static final long MAX_HEADER = 100_000_000;

    private static final int MAX_DIMENSIONS = 8;

    private final Path file;
    private final String remedy;
    private final List<String> mistakes = new ArrayList<>();

    /** @param remedy a sentence that says how to mend the file */
    SafetensorsHeader(Path file, String remedy) {
        this.file = file;
        this.remedy = remedy;
    }

    SafetensorsFile read(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw broken("has " + size + " bytes: it is cut short, since the header alone takes more than 8");
        }
        long length =
                readFully(channel, 0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > MAX_HEADER) {
            throw broken("claims a header of " + Long.toUnsignedString(length) + " bytes (allowed: 2 to " + MAX_HEADER
                    + ")");
        }
        if (length > size - Long.BYTES) {
            throw broken("claims a header of " + length + " bytes but has " + size + " bytes in all: it is cut short");
        }
        String text = StandardCharsets.UTF_8
                .decode(readFully(channel, Long.BYTES, (int) length))
                .toString();
        JsonNode root = parse(text);
        Map<String, StoredTensor> tensors = tensors(root, Long.BYTES + length, size);
        throwIfAny();
        checkCover(tensors, Long.BYTES + length, size);
        throwIfAny();
        return new SafetensorsFile(file, metadata(root), tensors);
    }

    private static ByteBuffer readFully(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) throw new IOException("the file shrank");
        }
        return buffer.flip();
    }

    private JsonNode parse(String text) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw broken("has a header that is not JSON, or names a tensor twice: " + e.getOriginalMessage());
        }
        if (root == null || !root.isObject()) throw broken("has a header that is not a JSON object");
        return root;
    }

    private static Map<String, String> metadata(JsonNode root) {
        Map<String, String> metadata = new LinkedHashMap<>();
        root.path(METADATA)
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        return metadata;
    }

    private Map<String, StoredTensor> tensors(JsonNode root, long dataStart, long fileSize) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (entry.getKey().equals(METADATA)) continue;
            StoredTensor tensor = tensor(entry.getKey(), entry.getValue(), dataStart, fileSize);
            if (tensor != null) tensors.put(tensor.name(), tensor);
        }
        return tensors;
    }

    private @Nullable StoredTensor tensor(String name, JsonNode entry, long dataStart, long fileSize) {
        String typeName = entry.path("dtype").asText("");
        if (!StoredType.known(typeName)) {
            mistakes.add(at(name) + "has the unknown element type \"" + typeName + "\".");
            return null;
        }
        StoredType type = StoredType.valueOf(typeName.toUpperCase(Locale.ROOT));
        List<Long> shape = numbers(entry.path("shape"));
        List<Long> offsets = numbers(entry.path("data_offsets"));
        if (shape == null || offsets == null || offsets.size() != 2) {
            mistakes.add(at(name) + "needs \"shape\" and two \"data_offsets\", all whole numbers from 0 up.");
            return null;
        }
        if (shape.size() > MAX_DIMENSIONS || shape.stream().anyMatch(n -> n > fileSize)) {
            mistakes.add(at(name) + "has a shape of " + shape.size() + " dimensions, up to "
                    + shape.stream().max(Comparator.naturalOrder()).orElse(0L) + ": at most " + MAX_DIMENSIONS
                    + " are read, and none beyond the file's " + fileSize + " bytes.");
            return null;
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (begin > end || end > fileSize - dataStart) {
            mistakes.add(at(name) + "claims bytes " + begin + " to " + end + " of the " + (fileSize - dataStart)
                    + " that follow the header: the file is cut short at " + fileSize
                    + " bytes, or its header is wrong.");
            return null;
        }
        long expected = bytes(shape, type);
        if (expected != end - begin) {
            mistakes.add(at(name) + "of shape " + shape + " and type " + type + " needs "
                    + (expected < 0 ? "more bytes than any file has" : expected + " bytes") + ", but claims "
                    + (end - begin) + ".");
            return null;
        }
        return new StoredTensor(name, type, shape, dataStart + begin, end - begin);
    }

    private static @Nullable List<Long> numbers(JsonNode array) {
        if (!array.isArray()) return null;
        List<Long> out = new ArrayList<>();
        for (JsonNode item : array) {
            if (!item.isIntegralNumber() || !item.canConvertToLong() || item.longValue() < 0) return null;
            out.add(item.longValue());
        }
        return List.copyOf(out);
    }

    /** The number of bytes of a tensor; −1 if it is beyond the range of a long. */
    private static long bytes(List<Long> shape, StoredType type) {
        try {
            long n = type.bytes();
            for (long dimension : shape) n = Math.multiplyExact(n, dimension);
            return n;
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    private void checkCover(Map<String, StoredTensor> tensors, long dataStart, long fileSize) {
        List<StoredTensor> ordered = new ArrayList<>(tensors.values());
        ordered.sort(Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::bytes));
        long at = dataStart;
        String before = "the header";
        for (StoredTensor tensor : ordered) {
            if (tensor.begin() != at) {
                String how = tensor.begin() < at ? "overlaps " : "leaves a gap after ";
                mistakes.add(at(tensor.name()) + how + before + ".");
            }
            at = Math.max(at, tensor.begin() + tensor.bytes());
            before = tensor.name();
        }
        if (at != fileSize)
            mistakes.add("The file " + file + " has " + (fileSize - at) + " bytes after its last tensor.");
    }

    private String at(String name) {
        return "In " + file + " the tensor " + name + " ";
    }

    private UserException broken(String what) {
        return UserException.data("The safetensors file " + file + " " + what + ". " + remedy);
    }

    /** Throws everything that was found, the remedy at its end. */
    private void throwIfAny() {
        if (mistakes.isEmpty()) return;
        mistakes.set(mistakes.size() - 1, mistakes.get(mistakes.size() - 1) + " " + remedy);
        throw UserException.all(ExitCode.DATA, List.copyOf(mistakes));
    }
}
