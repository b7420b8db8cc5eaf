package org.dualform.pretrain.tokens;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dualform.base.FileFailure;
import org.dualform.contract.UserException;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;
import org.dualform.safetensors.StoredType;

/**
 * A file of packed tokens: one safetensors tensor {@code tokens} of type I32, mapped, so that its size does not bear on
 * the heap. Safe for use by several threads.
 */
final class TokenFile {
    static final String TENSOR = "tokens";
    /** The metadata that says what the tokens were made of. */
    static final String SOURCE = "source";

    /** Tokens of one mapping; a buffer holds 2 GiB at most. */
    private static final long WINDOW = 1L << 28;

    private final long size;
    private final IntBuffer[] windows;

    private TokenFile(long size, IntBuffer[] windows) {
        this.size = size;
        this.windows = windows;
    }

    /** What the file's tokens were made of, as its metadata say; empty if they do not say. */
    static String source(Path file) {
        return open(file).metadata().getOrDefault(SOURCE, "");
    }

    private static SafetensorsFile open(Path file) {
        return SafetensorsFile.open(file, "Delete it: the texts are then packed anew.");
    }

    /**
     * Maps a file.
     *
     * @throws UserException if it is cut short or is no file of tokens
     */
    static TokenFile map(Path file) {
        SafetensorsFile stored = open(file);
        StoredTensor tensor = stored.tensors().get(TENSOR);
        if (tensor == null || tensor.type() != StoredType.I32) {
            throw UserException.data(file + " is no file of packed tokens. Delete it: the texts are then packed anew.");
        }
        IntBuffer[] windows = new IntBuffer[Math.toIntExact((tensor.size() + WINDOW - 1) / WINDOW)];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (int i = 0; i < windows.length; i++) {
                long from = i * WINDOW;
                long bytes = Math.min(WINDOW, tensor.size() - from) * Integer.BYTES;
                windows[i] = channel.map(FileChannel.MapMode.READ_ONLY, tensor.begin() + from * Integer.BYTES, bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asIntBuffer();
            }
        } catch (IOException e) {
            throw UserException.data("The file " + file + " cannot be read: " + FileFailure.reason(e) + ".", e);
        }
        return new TokenFile(tensor.size(), windows);
    }

    /** The number of tokens. */
    long size() {
        return size;
    }

    /** The token at a place. */
    int at(long index) {
        return windows[(int) (index / WINDOW)].get((int) (index % WINDOW));
    }
}
