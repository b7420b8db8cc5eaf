package org.dualform.gguf;

import java.nio.ByteBuffer;
import org.dualform.safetensors.Widen;

/**
 * The types with blocks of 256 elements ("k-quants"): parts of 16 or 32 elements have small whole numbers as scales and
 * minima, and the whole block has one scale for those.
 */
final class SuperBlocks {
    private SuperBlocks() {}

    /** 16 bytes of scales (low halves) and minima (high halves), one for 16 elements; 2-bit numbers; d; dmin. */
    static void q2(ByteBuffer in, int at, float[] out, int to) {
        float d = Widen.half(in.getShort(at + 80));
        float dmin = Widen.half(in.getShort(at + 82));
        for (int i = 0; i < 256; i++) {
            int part = in.get(at + i / 16);
            // 128 elements share 32 bytes: their first 32 are the lowest bits, and so on.
            int bits = in.get(at + 16 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
            out[to + i] = d * (part & 0xF) * bits - dmin * (part >> 4 & 0xF);
        }
    }

    /** 32 bytes of third bits; 64 of 2-bit numbers; 12 of 6-bit scales, one for 16 elements; d. */
    static void q3(ByteBuffer in, int at, float[] out, int to) {
        float d = Widen.half(in.getShort(at + 108));
        for (int part = 0; part < 16; part++) {
            int low = part < 8 ? in.get(at + 96 + part) & 0xF : in.get(at + 88 + part) >> 4 & 0xF;
            int high = in.get(at + 104 + part % 4) >> (part / 4 * 2) & 3;
            float scale = d * ((low | (high << 4)) - 32);
            for (int i = 16 * part; i < 16 * part + 16; i++) {
                int bits = in.get(at + 32 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
                boolean third = (in.get(at + i % 32) >> (i / 32) & 1) != 0;
                out[to + i] = scale * (third ? bits : bits - 4);
            }
        }
    }

    /** d; dmin; 12 bytes of 6-bit scales and minima, one of each for 32 elements; 4-bit numbers. */
    static void q4(ByteBuffer in, int at, float[] out, int to) {
        float d = Widen.half(in.getShort(at));
        float dmin = Widen.half(in.getShort(at + 2));
        for (int part = 0; part < 8; part++) {
            float scale = d * scale(in, at + 4, part);
            float least = dmin * least(in, at + 4, part);
            // 64 elements share 32 bytes.
            int from = at + 16 + part / 2 * 32;
            for (int i = 0; i < 32; i++) {
                int bits = in.get(from + i) >> (part % 2 * 4) & 0xF;
                out[to + 32 * part + i] = scale * bits - least;
            }
        }
    }

    /** As {@link #q4}, with 32 bytes of fifth bits before the 4-bit numbers. */
    static void q5(ByteBuffer in, int at, float[] out, int to) {
        float d = Widen.half(in.getShort(at));
        float dmin = Widen.half(in.getShort(at + 2));
        for (int part = 0; part < 8; part++) {
            float scale = d * scale(in, at + 4, part);
            float least = dmin * least(in, at + 4, part);
            int from = at + 48 + part / 2 * 32;
            for (int i = 0; i < 32; i++) {
                int bits = in.get(from + i) >> (part % 2 * 4) & 0xF;
                int fifth = in.get(at + 16 + i) >> part & 1;
                out[to + 32 * part + i] = scale * (bits | (fifth << 4)) - least;
            }
        }
    }

    /** 128 bytes of low 4 bits; 64 of high 2 bits; 16 signed scales, one for 16 elements; d. Numbers from −32. */
    static void q6(ByteBuffer in, int at, float[] out, int to) {
        float d = Widen.half(in.getShort(at + 208));
        for (int part = 0; part < 16; part++) {
            float scale = d * in.get(at + 192 + part);
            for (int i = 16 * part; i < 16 * part + 16; i++) {
                // Of 128 elements, 64 bytes hold the low bits and 32 bytes the high bits.
                int low = in.get(at + i / 128 * 64 + i % 64) >> (i % 128 / 64 * 4) & 0xF;
                int high = in.get(at + 128 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
                out[to + i] = scale * ((low | (high << 4)) - 32);
            }
        }
    }

    /** The 6-bit scale of a part: bytes 0 to 3 hold the first four, with two bits of each of the last four above them. */
    private static int scale(ByteBuffer in, int at, int part) {
        return part < 4
                ? in.get(at + part) & 63
                : (in.get(at + part + 4) & 0xF) | ((in.get(at + part - 4) >> 6 & 3) << 4);
    }

    /** The 6-bit minimum of a part: as the scales, in bytes 4 to 7. */
    private static int least(ByteBuffer in, int at, int part) {
        return part < 4
                ? in.get(at + part + 4) & 63
                : (in.get(at + part + 4) >> 4 & 0xF) | ((in.get(at + part) >> 6 & 3) << 4);
    }
}
