package org.dualform.gguf;

import java.util.Map;
import java.util.Optional;

/**
 * The element types of GGUF that are read here. A block holds some elements of a row and their common scales; see ggml's
 * {@code ggml-common.h}. A type of plain numbers has blocks of one element.
 */
public enum GgufType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2);

    /** Types that exist but are not read here, for messages. */
    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    private final int id;
    private final int blockSize;
    private final int blockBytes;

    GgufType(int id, int blockSize, int blockBytes) {
        this.id = id;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    /** The number that stands for the type in a file. */
    public int id() {
        return id;
    }

    /** The number of elements in a block. A row has whole blocks. */
    public int blockSize() {
        return blockSize;
    }

    /** The number of bytes of a block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** The bytes of {@code elements} elements, which are whole blocks. */
    public long bytes(long elements) {
        return Math.multiplyExact(elements / blockSize, blockBytes);
    }

    static Optional<GgufType> of(int id) {
        for (GgufType type : values()) if (type.id == id) return Optional.of(type);
        return Optional.empty();
    }

    /** A type's name, also of one that is not read here. */
    static String name(int id) {
        return of(id).map(Enum::name)
                .orElseGet(() -> OTHERS.getOrDefault(id, "number " + Integer.toUnsignedString(id)));
    }
}
