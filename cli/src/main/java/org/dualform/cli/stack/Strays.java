package org.dualform.cli.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dualform.cli.machine.Home;

/**
 * Finds the processes that servers started in sessions of their own; most of them are tasks. It finds them by an
 * environment variable that every descendant inherits. It works on Linux, which shows the environment of a process;
 * elsewhere it finds nothing.
 */
final class Strays {
    /** The variable. Its value is the state folder, for every server and so for all processes that they start. */
    static final String MARK = "DUALFORM_STACK";

    private Strays() {}

    static List<ProcessHandle> of(Home home) {
        byte[] mark = (MARK + "=" + home.state() + "\0").getBytes(StandardCharsets.UTF_8);
        List<ProcessHandle> found = new ArrayList<>();
        Path proc = Path.of("/proc");
        if (!Files.isDirectory(proc)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                if (holds(entry.resolve("environ"), mark)) {
                    ProcessHandle.of(Long.parseLong(entry.getFileName().toString()))
                            .filter(process ->
                                    process.pid() != ProcessHandle.current().pid())
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            // Nothing can be found here, so nothing is ended.
            return List.of();
        }
        return found;
    }

    private static boolean holds(Path environ, byte[] mark) {
        try {
            return contains(Files.readAllBytes(environ), mark);
        } catch (IOException e) {
            // Another user's process, or one that has ended meanwhile.
            return false;
        }
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int start = 0; start + part.length <= text.length; start++) {
            boolean atBoundary = start == 0 || text[start - 1] == 0;
            if (atBoundary && java.util.Arrays.equals(text, start, start + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
