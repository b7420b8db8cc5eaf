package org.dualform.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.dualform.contract.UserException;

/** Reads a header from its beginning to its end. Nothing is read or allocated beyond the bytes that the file has. */
final class HeaderCursor {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_TEXT = 1 << 24;

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    /** The place in the file of the buffer's end. */
    private long loaded;

    HeaderCursor(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.size = channel.size();
        buffer.limit(0);
    }

    /** The place of the next byte. */
    long position() {
        return loaded - buffer.remaining();
    }

    /** The number of bytes that follow. */
    long remaining() {
        return size - position();
    }

    byte oneByte(String what) throws IOException {
        return need(1, what).get();
    }

    short twoBytes(String what) throws IOException {
        return need(2, what).getShort();
    }

    int fourBytes(String what) throws IOException {
        return need(4, what).getInt();
    }

    long eightBytes(String what) throws IOException {
        return need(8, what).getLong();
    }

    /** A count of things that take {@code least} bytes each, at the least. */
    int count(String what, int least) throws IOException {
        long count = eightBytes(what);
        if (count < 0 || count > remaining() / least || count > Integer.MAX_VALUE)
            throw broken("claims " + Long.toUnsignedString(count) + " " + what + ", but only " + remaining()
                    + " bytes follow");
        return (int) count;
    }

    /** A text: its number of bytes, then UTF-8. */
    String text(String what) throws IOException {
        long length = eightBytes(what);
        if (length < 0 || length > remaining() || length > LONGEST_TEXT)
            throw broken("claims that " + what + " has " + Long.toUnsignedString(length) + " bytes, but "
                    + Math.min(remaining(), LONGEST_TEXT) + " are there or allowed");
        byte[] bytes = new byte[(int) length];
        for (int at = 0; at < bytes.length; ) {
            int n = Math.min(BUFFER, bytes.length - at);
            need(n, what).get(bytes, at, n);
            at += n;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw broken("has bytes in " + what + " that are not UTF-8");
        }
    }

    /** The buffer with at least {@code n} bytes in it. */
    private ByteBuffer need(int n, String what) throws IOException {
        if (buffer.remaining() >= n) return buffer;
        if (remaining() < n)
            throw broken("has " + size + " bytes and ends within " + what + ": it is cut short, or a count in it is"
                    + " wrong");
        buffer.compact();
        while (buffer.position() < n) {
            int read = channel.read(buffer, loaded);
            if (read < 0) throw new IOException("the file became shorter");
            loaded += read;
        }
        return buffer.flip();
    }

    UserException broken(String what) {
        return UserException.data("The GGUF file " + file + " " + what + ". Download it again.");
    }
}
