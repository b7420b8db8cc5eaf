package org.dualform.task.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.dualform.base.FileTree;
import org.dualform.contract.UserException;

/**
 * Bounds the space of fetched inputs. What nobody has used for a week goes. If the rest takes more than the limit,
 * what was used longest ago goes first. What was used within the last hour stays in any case: a task may be about to
 * open it. A file that a task has open can be deleted without harm to the task.
 */
final class InputSpace {
    /** The variable that sets the limit. */
    static final String VARIABLE = "DUALFORM_INPUT_CACHE";

    private static final long STANDARD = 20L << 30;

    static final Duration OLD = Duration.ofDays(7);
    static final Duration IN_USE = Duration.ofHours(1);

    private final Path root;
    private final long limit;
    private final Clock clock;

    /** @param limit bytes */
    InputSpace(Path root, long limit, Clock clock) {
        this.root = root;
        this.limit = limit;
        this.clock = clock;
    }

    private record Entry(Path folder, Instant used, long bytes) {}

    /** @throws UserException if {@code DUALFORM_INPUT_CACHE} is set and is no size */
    static long limit(Map<String, String> environment) {
        String asked = environment.getOrDefault(VARIABLE, "");
        if (asked.isBlank()) return STANDARD;
        return ByteSize.parse(asked.strip())
                .orElseThrow(() ->
                        UserException.config(VARIABLE + " has to be a size such as 20g or 800m, not '" + asked + "'."));
    }

    /** Notes that an input is used now. */
    void use(Path folder) throws IOException {
        Files.setLastModifiedTime(folder, FileTime.from(clock.instant()));
    }

    /** Deletes what is old, and what is too much. */
    void makeRoom() throws IOException {
        Instant now = clock.instant();
        List<Entry> entries = entries();
        long total = entries.stream().mapToLong(Entry::bytes).sum();
        for (Entry entry : entries) {
            boolean old = entry.used().isBefore(now.minus(OLD));
            boolean idle = entry.used().isBefore(now.minus(IN_USE));
            if (!(old || (idle && total > limit))) continue;
            FileTree.delete(entry.folder());
            total -= entry.bytes();
        }
    }

    /** All inputs, the one used longest ago first. Other tasks may delete some meanwhile. */
    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
            for (Path folder : folders) {
                try {
                    entries.add(entry(folder));
                } catch (NoSuchFileException e) {
                    // Another task has deleted it. It takes no space any more.
                }
            }
        }
        entries.sort(Comparator.comparing(Entry::used));
        return entries;
    }

    /** A fetch that is under way changes its file, and not the folder. */
    private static Entry entry(Path folder) throws IOException {
        Instant used = Files.getLastModifiedTime(folder).toInstant();
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                BasicFileAttributes found =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                bytes += found.size();
                Instant changed = found.lastModifiedTime().toInstant();
                if (changed.isAfter(used)) used = changed;
            }
        }
        return new Entry(folder, used, bytes);
    }
}
