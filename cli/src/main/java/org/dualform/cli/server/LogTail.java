package org.dualform.cli.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the last lines of a log and then follows it. */
final class LogTail implements AutoCloseable {
    private static final int BUFFER = 8192;

    private final RandomAccessFile file;
    private final Reader text;

    private LogTail(RandomAccessFile file) {
        this.file = file;
        this.text = Channels.newReader(file.getChannel(), StandardCharsets.UTF_8);
    }

    /** Opens a log at the start of its last {@code lines} lines. */
    static LogTail open(Path log, int lines) throws IOException {
        RandomAccessFile file = new RandomAccessFile(log.toFile(), "r");
        file.seek(startOfLast(file, lines));
        return new LogTail(file);
    }

    /** Prints the lines that were added since the last call. */
    void print(PrintWriter out) throws IOException {
        char[] block = new char[BUFFER];
        int read = text.read(block);
        while (read > 0) {
            out.write(block, 0, read);
            read = text.read(block);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /**
     * The position at which the last {@code count} lines begin. It is searched from the end, since a log may be large.
     */
    private static long startOfLast(RandomAccessFile file, int count) throws IOException {
        if (count == 0) return file.length();
        long position = file.length();
        int breaks = 0;
        byte[] block = new byte[BUFFER];
        while (position > 0) {
            int size = (int) Math.min(block.length, position);
            file.seek(position - size);
            file.readFully(block, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                boolean atEnd = position - size + i == file.length() - 1;
                if (block[i] == '\n' && !atEnd && ++breaks >= count) {
                    return position - size + i + 1;
                }
            }
            position -= size;
        }
        return 0;
    }
}
