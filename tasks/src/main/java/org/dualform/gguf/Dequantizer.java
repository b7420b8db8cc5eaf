package org.dualform.gguf;

import java.nio.ByteBuffer;
import org.dualform.safetensors.StoredType;
import org.dualform.safetensors.Widen;

/**
 * Computes the numbers that the blocks of a type stand for, in single precision and in ggml's order of operations, so that
 * they are ggml's to the last bit. A block's fields follow each other without padding, little-endian.
 */
final class Dequantizer {
    private Dequantizer() {}

    /** Widens one block: its first byte is at {@code at}, and its first number goes to {@code out[to]}. */
    @FunctionalInterface
    private interface Block {
        void widen(ByteBuffer in, int at, float[] out, int to);
    }

    /** Widens the first blocks of {@code in} to the numbers from {@code out[to]} on. */
    static void widen(GgufType type, ByteBuffer in, int blocks, float[] out, int to) {
        switch (type) {
            case F32 -> plain(StoredType.F32, in, blocks, out, to);
            case F16 -> plain(StoredType.F16, in, blocks, out, to);
            case BF16 -> plain(StoredType.BF16, in, blocks, out, to);
            case Q4_0 -> each(type, SmallBlocks::q40, in, blocks, out, to);
            case Q4_1 -> each(type, SmallBlocks::q41, in, blocks, out, to);
            case Q5_0 -> each(type, SmallBlocks::q50, in, blocks, out, to);
            case Q5_1 -> each(type, SmallBlocks::q51, in, blocks, out, to);
            case Q8_0 -> each(type, SmallBlocks::q80, in, blocks, out, to);
            case Q2_K -> each(type, SuperBlocks::q2, in, blocks, out, to);
            case Q3_K -> each(type, SuperBlocks::q3, in, blocks, out, to);
            case Q4_K -> each(type, SuperBlocks::q4, in, blocks, out, to);
            case Q5_K -> each(type, SuperBlocks::q5, in, blocks, out, to);
            case Q6_K -> each(type, SuperBlocks::q6, in, blocks, out, to);
        }
    }

    private static void plain(StoredType type, ByteBuffer in, int n, float[] out, int to) {
        System.arraycopy(Widen.toFloats(in, type, n), 0, out, to, n);
    }

    private static void each(GgufType type, Block block, ByteBuffer in, int blocks, float[] out, int to) {
        for (int b = 0; b < blocks; b++) block.widen(in, b * type.blockBytes(), out, to + b * type.blockSize());
    }
}
