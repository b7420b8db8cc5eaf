package org.dualform.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    /** The examples of FIPS 180-4 for the empty message and for "abc". */
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    @Test
    void hashesBytesAndText() {
        assertThat(Sha256.hex(new byte[0])).isEqualTo(EMPTY);
        assertThat(Sha256.hex("abc")).isEqualTo(ABC);
        assertThat(Sha256.hex("é")).isEqualTo(Sha256.hex(new byte[] {(byte) 0xc3, (byte) 0xa9}));
    }

    @Test
    void hashesAFileLongerThanItsBufferLikeItsBytes() throws IOException {
        byte[] bytes = new byte[(1 << 20) + 3];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (i * 31);
        assertThat(Sha256.hex(Files.write(folder.resolve("large"), bytes))).isEqualTo(Sha256.hex(bytes));
        assertThat(Sha256.hex(Files.createFile(folder.resolve("empty")))).isEqualTo(EMPTY);
    }

    @Test
    void hashesPiecesLikeTheWhole() {
        MessageDigest digest = Sha256.newDigest();
        digest.update("a".getBytes(StandardCharsets.UTF_8));
        digest.update("bc".getBytes(StandardCharsets.UTF_8));
        assertThat(Sha256.hex(digest)).isEqualTo(ABC);
    }

    @Test
    void firstLongIsTheFirstSixteenDigits() {
        assertThat(Sha256.firstLong("abc")).isEqualTo(0xba7816bf8f01cfeaL);
    }
}
