package org.dualform.cli.stack;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A console whose output can be read. */
final class Heard {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Console console;

    Heard(boolean terminal) {
        this.console = new Console(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
    }

    Console console() {
        return console;
    }

    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
