package org.dualform.safetensors;

import java.util.Locale;

/**
 * The element types of the safetensors format. Only those marked as readable are ever loaded; 16-bit numbers are widened to
 * 32 bits on the way.
 */
public enum StoredType {
    F64(8, true),
    F32(4, true),
    F16(2, true),
    BF16(2, true),
    I64(8, true),
    I32(4, false),
    I16(2, false),
    I8(1, false),
    U64(8, false),
    U32(4, false),
    U16(2, false),
    U8(1, false),
    BOOL(1, false),
    F8_E4M3(1, false),
    F8_E5M2(1, false);

    private final int bytes;
    private final boolean readable;

    StoredType(int bytes, boolean readable) {
        this.bytes = bytes;
        this.readable = readable;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether values of this type can be loaded. */
    public boolean readable() {
        return readable;
    }

    static boolean known(String name) {
        for (StoredType type : values()) {
            if (type.name().equals(name.toUpperCase(Locale.ROOT))) return true;
        }
        return false;
    }
}
