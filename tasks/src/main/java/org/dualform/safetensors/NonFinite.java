package org.dualform.safetensors;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;

/**
 * Finds NaN and infinities in a tensor: numbers whose exponent bits are all ones. Only bits are compared, in Java and a chunk
 * at a time, so the cost is one pass over pages that a forward pass needs anyway. The file is read and not mapped, because
 * pages that are mapped twice count as resident memory twice until the buffers are collected.
 */
final class NonFinite {
    private static final int CHUNK_BYTES = 1 << 20;

    private NonFinite() {}

    /** The index of the first element that is NaN or infinite; empty if there is none, as with types of whole numbers. */
    static OptionalLong first(FileChannel channel, StoredTensor tensor) throws IOException {
        int width = tensor.type().bytes();
        int[] chunk = new int[CHUNK_BYTES / 4];
        ByteBuffer pages = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, Math.max(1, tensor.bytes())))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long at = 0; at < tensor.bytes(); at += CHUNK_BYTES) {
            int bytes = (int) Math.min(CHUNK_BYTES, tensor.bytes() - at);
            read(channel, tensor.begin() + at, pages.clear().limit(bytes));
            int words = bytes / 4;
            pages.asIntBuffer().get(chunk, 0, words);
            boolean suspicious = suspicious(chunk, words, tensor.type()) || bytes % 4 != 0;
            if (!suspicious) continue;
            for (int i = 0; i < bytes / width; i++) {
                if (isNonFinite(pages, i, tensor.type())) return OptionalLong.of(at / width + i);
            }
        }
        return OptionalLong.empty();
    }

    private static void read(FileChannel channel, long begin, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into, begin + into.position()) < 0) throw new EOFException("the file became shorter");
        }
        into.flip();
    }

    /**
     * Whether any of the words may hold such a number. Adding one to an exponent of ones carries into the bit above it. The
     * loops have no branch, so that the compiler vectorises them.
     */
    private static boolean suspicious(int[] words, int n, StoredType type) {
        int carried = 0;
        switch (type) {
            case F32 -> {
                for (int i = 0; i < n; i++) carried |= (words[i] & 0x7f800000) + 0x00800000;
                return carried < 0;
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    carried |= ((words[i] & 0x7f807f80) + 0x00800080) & 0x80008000;
                }
                return carried != 0;
            }
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    carried |= ((words[i] & 0x7c007c00) + 0x04000400) & 0x80008000;
                }
                return carried != 0;
            }
            case F64 -> {
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private static boolean isNonFinite(ByteBuffer pages, int i, StoredType type) {
        return switch (type) {
            case F64 -> !Double.isFinite(pages.getDouble(8 * i));
            case F32 -> !Float.isFinite(pages.getFloat(4 * i));
            case F16 -> (pages.getShort(2 * i) & 0x7c00) == 0x7c00;
            case BF16 -> (pages.getShort(2 * i) & 0x7f80) == 0x7f80;
            default -> false;
        };
    }
}
