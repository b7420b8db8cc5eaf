package org.dualform.dev.pack.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** On the tokenizers' library, which comes with the linker's symbols and needs no other library of ours. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ElfSymbolsTest {
    private static final String LIBRARY = "/native/lib/linux-x86_64/cpu/libtokenizers.so";

    @TempDir
    Path folder;

    private Path library;
    private byte[] before;

    @BeforeEach
    void unpack() throws IOException {
        library = folder.resolve("libtokenizers.so");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(LIBRARY))) {
            before = in.readAllBytes();
        }
        Files.write(library, before);
        ElfSymbols.strip(library);
    }

    @Test
    void theSymbolsAreGoneAndTheLibraryIsSmaller() throws IOException {
        ByteBuffer after = elf(Files.readAllBytes(library));
        assertThat(after.capacity()).isBetween(before.length / 2, before.length - 1_000_000);
        assertThat(sectionsOfSymbols(elf(before))).isEqualTo(1);
        assertThat(sectionsOfSymbols(after)).isZero();
    }

    @Test
    void whatIsLoadedIsTheSame() throws IOException {
        Map<Long, byte[]> loaded = segments(elf(before));
        Map<Long, byte[]> now = segments(elf(Files.readAllBytes(library)));
        assertThat(now.keySet()).isEqualTo(loaded.keySet());
        // The first segment begins with the file's header, which says where the tables of sections and segments are.
        loaded.forEach((address, bytes) -> {
            int from = address == 0 ? headers(elf(before)) : 0;
            assertThat(tail(now.get(address), from)).isEqualTo(tail(bytes, from));
        });
    }

    @Test
    void theSystemLoadsIt() {
        System.load(library.toString());
    }

    @Test
    void aSecondTimeChangesNothing() throws IOException {
        byte[] once = Files.readAllBytes(library);
        ElfSymbols.strip(library);
        assertThat(Files.readAllBytes(library)).isEqualTo(once);
    }

    @Test
    void anyOtherFileStaysAsItIs() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no library ".repeat(100));
        ElfSymbols.strip(text);
        assertThat(text).hasContent("no library ".repeat(100));
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static ByteBuffer elf(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes of the file's header and the table of segments. */
    private static int headers(ByteBuffer elf) {
        return (int) elf.getLong(32) + elf.getShort(56) * elf.getShort(54);
    }

    private static long sectionsOfSymbols(ByteBuffer elf) {
        long found = 0;
        for (int i = 0; i < elf.getShort(60); i++) {
            if (elf.getInt((int) elf.getLong(40) + i * 64 + 4) == 2) found++;
        }
        return found;
    }

    /** What is loaded from the file, by its address. */
    private static Map<Long, byte[]> segments(ByteBuffer elf) {
        Map<Long, byte[]> segments = new TreeMap<>();
        for (int i = 0; i < elf.getShort(56); i++) {
            int segment = (int) elf.getLong(32) + i * 56;
            if (elf.getInt(segment) != 1) continue;
            byte[] bytes = new byte[(int) elf.getLong(segment + 32)];
            elf.get((int) elf.getLong(segment + 8), bytes);
            segments.put(elf.getLong(segment + 16), bytes);
        }
        return segments;
    }
}
