package org.dualform.cli.workflow;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.dualform.cli.stack.Console;

/** A console that keeps what it is told. */
final class Said {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Console console = new Console(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);

    Console console() {
        return console;
    }

    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
