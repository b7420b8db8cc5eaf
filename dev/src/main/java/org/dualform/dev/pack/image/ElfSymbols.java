package org.dualform.dev.pack.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the symbol table of the linker out of a shared library (ELF, 64 bits, little-endian). Only debuggers read that
 * table; what is loaded and resolved at run time is the table of dynamic symbols, which stays. A fifth of PyTorch's
 * library is such a table.
 *
 * <p>The bytes of loaded segments stay as they are. What lies behind the table moves to the front by whole pages, as
 * the system maps files page by page.
 */
final class ElfSymbols {
    private static final int PAGE = 4096;
    private static final int HEADER = 64;
    /** 0x7F, E, L, F. */
    private static final int MAGIC = 0x464C457F;

    private static final int SYMTAB = 2;
    private static final int NOBITS = 8;
    private static final int LOAD = 1;
    private static final int SECTION_ENTRY = 64;
    private static final int SEGMENT_ENTRY = 56;

    private final ByteBuffer file;

    private ElfSymbols(ByteBuffer file) {
        this.file = file.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Takes the table out of a file. A file without one, of another format, or of a layout that would not allow it,
     * stays as it is.
     */
    static void strip(Path library) throws IOException {
        try (FileChannel channel = FileChannel.open(library, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() < HEADER || channel.size() > Integer.MAX_VALUE) return;
            ElfSymbols elf = new ElfSymbols(channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size()));
            if (elf.isElf()) channel.truncate(elf.strip());
        }
    }

    private boolean isElf() {
        return file.getInt(0) == MAGIC && file.get(4) == 2 && file.get(5) == 1;
    }

    /** Returns the new length of the file. */
    private long strip() {
        List<Integer> gone = table();
        if (gone.isEmpty()) return file.capacity();
        long from = gone.stream().mapToLong(this::offset).min().orElseThrow();
        long to = gone.stream()
                .mapToLong(section -> offset(section) + size(section))
                .max()
                .orElseThrow();
        long cut = (to - from) / PAGE * PAGE;
        if (cut == 0 || overlaps(from, to, gone) || !pagesSuffice(to)) return file.capacity();
        gone.forEach(this::forget);
        moveHeaders(to, cut);
        int tail = file.capacity() - (int) to;
        // As if through a copy elsewhere, says the Javadoc: the two places may overlap.
        file.put((int) (to - cut), file, (int) to, tail);
        return file.capacity() - cut;
    }

    /** The section of the linker's symbols and that of their names. */
    private List<Integer> table() {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < sections(); i++) {
            int section = section(i);
            if (file.getInt(section + 4) == SYMTAB) {
                found.add(section);
                found.add(section(file.getInt(section + 40)));
            }
        }
        return found;
    }

    /** Whether anything else lies between the first and the last byte of the table. */
    private boolean overlaps(long from, long to, List<Integer> table) {
        for (int i = 0; i < sections(); i++) {
            int section = section(i);
            boolean inside = offset(section) < to && offset(section) + size(section) > from;
            if (inside && size(section) > 0 && !table.contains(section)) return true;
        }
        for (int i = 0; i < segments(); i++) {
            int segment = segment(i);
            long begin = file.getLong(segment + 8);
            if (begin < to && begin + file.getLong(segment + 32) > from) return true;
        }
        return false;
    }

    /** Segments that move have to keep their place within a page, and ask for no larger unit. */
    private boolean pagesSuffice(long to) {
        for (int i = 0; i < segments(); i++) {
            int segment = segment(i);
            boolean moves = file.getInt(segment) == LOAD && file.getLong(segment + 8) >= to;
            if (moves && file.getLong(segment + 48) > PAGE) return false;
        }
        return true;
    }

    private void forget(int section) {
        for (int i = 0; i < SECTION_ENTRY; i += 8) file.putLong(section + i, 0);
    }

    private void moveHeaders(long to, long cut) {
        for (int i = 0; i < sections(); i++) {
            int section = section(i);
            if (offset(section) >= to) file.putLong(section + 24, offset(section) - cut);
        }
        for (int i = 0; i < segments(); i++) {
            int segment = segment(i);
            long begin = file.getLong(segment + 8);
            if (begin >= to) file.putLong(segment + 8, begin - cut);
        }
        long headers = file.getLong(40);
        if (headers >= to) file.putLong(40, headers - cut);
    }

    private long offset(int section) {
        return file.getLong(section + 24);
    }

    private long size(int section) {
        return file.getInt(section + 4) == NOBITS ? 0 : file.getLong(section + 32);
    }

    private int sections() {
        return Short.toUnsignedInt(file.getShort(60));
    }

    private int section(int index) {
        return (int) file.getLong(40) + index * SECTION_ENTRY;
    }

    private int segments() {
        return Short.toUnsignedInt(file.getShort(56));
    }

    private int segment(int index) {
        return (int) file.getLong(32) + index * SEGMENT_ENTRY;
    }
}
