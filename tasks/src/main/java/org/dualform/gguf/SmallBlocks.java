package org.dualform.gguf;

import java.nio.ByteBuffer;
import org.dualform.safetensors.Widen;

/**
 * The types with blocks of 32 elements: one scale, in some types one minimum, and whole numbers of 4, 5 or 8 bits. The low
 * halves of 16 bytes are elements 0 to 15, the high halves elements 16 to 31.
 */
final class SmallBlocks {
    private static final int HALF = 16;

    private SmallBlocks() {}

    /** A scale; 4-bit numbers from −8. */
    static void q40(ByteBuffer in, int at, float[] out, int to) {
        float scale = Widen.half(in.getShort(at));
        for (int i = 0; i < HALF; i++) {
            int pair = in.get(at + 2 + i);
            out[to + i] = ((pair & 0xF) - 8) * scale;
            out[to + HALF + i] = ((pair >> 4 & 0xF) - 8) * scale;
        }
    }

    /** A scale, a minimum; 4-bit numbers from 0. */
    static void q41(ByteBuffer in, int at, float[] out, int to) {
        float scale = Widen.half(in.getShort(at));
        float least = Widen.half(in.getShort(at + 2));
        for (int i = 0; i < HALF; i++) {
            int pair = in.get(at + 4 + i);
            out[to + i] = (pair & 0xF) * scale + least;
            out[to + HALF + i] = (pair >> 4 & 0xF) * scale + least;
        }
    }

    /** A scale; the fifth bits of all elements; their other bits; numbers from −16. */
    static void q50(ByteBuffer in, int at, float[] out, int to) {
        float scale = Widen.half(in.getShort(at));
        int fifth = in.getInt(at + 2);
        for (int i = 0; i < HALF; i++) {
            int pair = in.get(at + 6 + i);
            out[to + i] = (((pair & 0xF) | ((fifth >>> i & 1) << 4)) - 16) * scale;
            out[to + HALF + i] = (((pair >> 4 & 0xF) | ((fifth >>> (i + HALF) & 1) << 4)) - 16) * scale;
        }
    }

    /** A scale, a minimum; the fifth bits of all elements; their other bits; numbers from 0. */
    static void q51(ByteBuffer in, int at, float[] out, int to) {
        float scale = Widen.half(in.getShort(at));
        float least = Widen.half(in.getShort(at + 2));
        int fifth = in.getInt(at + 4);
        for (int i = 0; i < HALF; i++) {
            int pair = in.get(at + 8 + i);
            out[to + i] = ((pair & 0xF) | ((fifth >>> i & 1) << 4)) * scale + least;
            out[to + HALF + i] = ((pair >> 4 & 0xF) | ((fifth >>> (i + HALF) & 1) << 4)) * scale + least;
        }
    }

    /** A scale; signed bytes. */
    static void q80(ByteBuffer in, int at, float[] out, int to) {
        float scale = Widen.half(in.getShort(at));
        for (int i = 0; i < 2 * HALF; i++) out[to + i] = in.get(at + 2 + i) * scale;
    }
}
