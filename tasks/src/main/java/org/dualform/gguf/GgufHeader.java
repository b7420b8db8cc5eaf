package org.dualform.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;

/**
 * Reads and checks the header of one GGUF file: the letters GGUF, the version, the numbers of tensors and of metadata, the
 * metadata, the tensors' entries. The data follow at the next multiple of {@code general.alignment}. Nothing that the
 * header claims is used before it is checked.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>
 */
final class GgufHeader {
    private static final int MAGIC = 0x46554747;
    private static final String ALIGNMENT = "general.alignment";
    private static final int LARGEST_ALIGNMENT = 1 << 20;
    private static final int MOST_DIMENSIONS = 4;
    private static final int LEAST_ENTRY = 8 + 4 + 4 + 8;
    private static final int LEAST_METADATUM = 8 + 4 + 1;

    private final Path file;
    private final HeaderCursor in;
    private final long fileSize;
    private final Mistakes mistakes = new Mistakes(ExitCode.DATA);
    /** Names of the tensors whose type is not read, by type. */
    private final Map<String, List<String>> otherTypes = new TreeMap<>();

    /** An entry before the place of the data is known. */
    private record Entry(String name, GgufType type, List<Long> shape, long offset) {}

    /** The content of a header. */
    record Content(Map<String, JsonNode> metadata, Map<String, GgufTensor> tensors) {}

    GgufHeader(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.in = new HeaderCursor(file, channel);
        this.fileSize = channel.size();
    }

    Content read() throws IOException {
        checkVersion();
        int tensorCount = in.count("tensors", LEAST_ENTRY);
        int metadataCount = in.count("metadata", LEAST_METADATUM);
        Map<String, JsonNode> metadata = new LinkedHashMap<>();
        MetadataReader values = new MetadataReader(in);
        for (int i = 0; i < metadataCount; i++) {
            String key = in.text("a key of the metadata");
            if (metadata.putIfAbsent(key, values.read(key)) != null) throw in.broken("has the key " + key + " twice");
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < tensorCount; i++) entry(entries);
        Map<String, GgufTensor> tensors = placed(entries, alignment(metadata));
        otherTypes.forEach((type, names) -> mistakes.add("In " + file + " " + names.size()
                + (names.size() == 1 ? " tensor has" : " tensors have") + " the element type " + type + ", as "
                + names.get(0) + "; read are " + List.of(GgufType.values()) + ". Take a file of another quantisation,"
                + " such as Q4_K_M or Q8_0."));
        mistakes.throwIfAny();
        return new Content(metadata, tensors);
    }

    private void checkVersion() throws IOException {
        if (in.remaining() < 4 || in.fourBytes("the format's name") != MAGIC)
            throw in.broken("does not begin with the letters GGUF: it is of another format");
        int version = in.fourBytes("the version");
        if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(3))
            throw in.broken("is big-endian (version " + Integer.reverseBytes(version)
                    + "); little-endian files are read, which nearly all are");
        if (version == 1)
            throw in.broken("has version 1 of the format, of before August 2023; 2 and 3 are read. Convert the model"
                    + " anew");
        if (version != 2 && version != 3)
            throw in.broken("has version " + Integer.toUnsignedString(version) + " of the format; 2 and 3 are read");
    }

    private int alignment(Map<String, JsonNode> metadata) {
        JsonNode value = metadata.get(ALIGNMENT);
        if (value == null) return 32;
        int alignment = value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : 0;
        if (alignment < 8 || alignment % 8 != 0 || alignment > LARGEST_ALIGNMENT)
            throw in.broken(
                    "has the alignment " + value + "; it has to be a multiple of 8, at most " + LARGEST_ALIGNMENT);
        return alignment;
    }

    private void entry(List<Entry> entries) throws IOException {
        String name = in.text("a tensor's name");
        int dimensions = in.fourBytes("the dimensions of " + name);
        if (dimensions < 0 || dimensions > MOST_DIMENSIONS)
            throw in.broken("claims " + Integer.toUnsignedString(dimensions) + " dimensions of the tensor " + name
                    + "; at most " + MOST_DIMENSIONS + " are possible");
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) shape.add(0, in.eightBytes("the shape of " + name));
        int typeId = in.fourBytes("the type of " + name);
        long offset = in.eightBytes("the place of " + name);
        var type = GgufType.of(typeId);
        if (type.isEmpty()) {
            otherTypes
                    .computeIfAbsent(GgufType.name(typeId), other -> new ArrayList<>())
                    .add(name);
            return;
        }
        if (shape.stream().anyMatch(n -> n < 1 || n > 32 * fileSize) || product(shape) < 0) {
            mistakes.add(at(name) + "has the shape " + shape + ", which no file of " + fileSize + " bytes holds.");
        } else if ((shape.isEmpty() ? 1 : shape.get(shape.size() - 1))
                        % type.get().blockSize()
                != 0) {
            mistakes.add(at(name) + "has the shape " + shape + ", whose rows are no whole blocks of "
                    + type.get().blockSize() + " (" + type.get() + ").");
        } else {
            entries.add(new Entry(name, type.get(), shape, offset));
        }
    }

    /** The number of elements; −1 if it is beyond what a file can hold. */
    private long product(List<Long> shape) {
        try {
            long n = 1;
            for (long dimension : shape) n = Math.multiplyExact(n, dimension);
            return n <= 32 * fileSize ? n : -1;
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    private Map<String, GgufTensor> placed(List<Entry> entries, int alignment) {
        long dataStart = (in.position() + alignment - 1) / alignment * alignment;
        long data = Math.max(0, fileSize - dataStart);
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            GgufTensor tensor = new GgufTensor(
                    file, entry.name(), entry.type(), entry.shape(), dataStart + Math.max(0, entry.offset()));
            long bytes = tensor.bytes();
            if (entry.offset() < 0 || entry.offset() % alignment != 0) {
                mistakes.add(at(entry.name()) + "begins at byte " + Long.toUnsignedString(entry.offset())
                        + " of the data, which is no multiple of " + alignment + ".");
            } else if (entry.offset() > data || bytes > data - entry.offset()) {
                mistakes.add(at(entry.name()) + "claims " + bytes + " bytes from " + entry.offset() + " on, of the "
                        + data + " that follow the header: the file is cut short at " + fileSize
                        + " bytes, or its header is wrong. Download it again.");
            } else if (tensors.putIfAbsent(entry.name(), tensor) != null) {
                mistakes.add(at(entry.name()) + "is there twice.");
            }
        }
        checkOverlap(tensors);
        return tensors;
    }

    private void checkOverlap(Map<String, GgufTensor> tensors) {
        List<GgufTensor> ordered = new ArrayList<>(tensors.values());
        ordered.sort(Comparator.comparingLong(GgufTensor::begin));
        for (int i = 1; i < ordered.size(); i++) {
            GgufTensor before = ordered.get(i - 1);
            if (before.begin() + before.bytes() > ordered.get(i).begin())
                mistakes.add(at(ordered.get(i).name()) + "overlaps " + before.name() + ".");
        }
    }

    private String at(String name) {
        return "In " + file + " the tensor " + name + " ";
    }
}
