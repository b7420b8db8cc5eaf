package org.dualform.gguf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * A tensor of a GGUF file: its entry in the header.
 *
 * @param file the file that holds its numbers, one of several if the model is split
 * @param shape the sizes of its dimensions, rows first: the reverse of the file's own order
 * @param begin the place of its first byte, from the start of the file
 */
public record GgufTensor(Path file, String name, GgufType type, List<Long> shape, long begin) {
    public GgufTensor {
        shape = List.copyOf(shape);
    }

    /** The number of elements. */
    public long size() {
        long n = 1;
        for (long dimension : shape) n *= dimension;
        return n;
    }

    /** The number of bytes in the file. */
    public long bytes() {
        return type.bytes(size());
    }

    /** The number of elements in a row, the last dimension; 1 for a single number. */
    public long rowLength() {
        return shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
    }

    /** The number of rows. */
    public long rows() {
        return size() / rowLength();
    }

    /**
     * Reads whole rows, one after the other.
     *
     * @param channel the open {@link #file}
     * @param row the first row
     * @param count the number of rows
     * @param out takes the numbers, widened, from {@code at} on
     */
    public void read(FileChannel channel, long row, int count, float[] out, int at) throws IOException {
        int length = Math.toIntExact(rowLength());
        int rowBytes = Math.toIntExact(type.bytes(length));
        ByteBuffer blocks =
                ByteBuffer.allocate(Math.multiplyExact(rowBytes, count)).order(ByteOrder.LITTLE_ENDIAN);
        long place = begin + row * rowBytes;
        while (blocks.hasRemaining()) {
            if (channel.read(blocks, place + blocks.position()) < 0) throw new EOFException("the file became shorter");
        }
        Dequantizer.widen(type, blocks.flip(), Math.multiplyExact(length, count) / type.blockSize(), out, at);
    }
}
