package org.dualform.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A console whose output a test can read. */
public final class HeardConsole {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Console console;

    public HeardConsole(boolean terminal) {
        this(terminal, 110);
    }

    public HeardConsole(boolean terminal, int columns) {
        this.console = new Console(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, () -> columns);
    }

    public Console console() {
        return console;
    }

    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
