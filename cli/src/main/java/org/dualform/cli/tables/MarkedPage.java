package org.dualform.cli.tables;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.task.store.Durable;

/**
 * A page of which a person writes the beginning and a program the rest. A line marks where the program's part begins; a file
 * without that line is all the program's.
 */
final class MarkedPage {
    /** Ends what a person wrote. */
    static final String MARK = "<!-- What follows is made by a command. -->";

    private MarkedPage() {}

    /** Writes the program's part and leaves the other as it is. */
    static void write(Path file, String part) throws IOException {
        String before = Files.exists(file) ? Files.readString(file) : "";
        int mark = before.indexOf(MARK);
        String start = mark < 0 ? "" : before.substring(0, mark) + MARK + "\n\n";
        Durable.write(file, (start + part).getBytes(StandardCharsets.UTF_8));
    }
}
