package org.dualform.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import org.dualform.contract.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The option {@code --json}: the result as one JSON document on standard output. What people read goes to standard error
 * then. A command that fails before it has a result prints no document.
 */
public final class JsonOption {
    /** Grows when a field of any document changes its meaning or goes away. New fields may come without that. */
    private static final int SCHEMA = 1;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(
            names = "--json",
            order = 10,
            description = "Print the result as one JSON document; messages go to standard error.")
    private boolean json;

    /** Whether a document is asked for. */
    public boolean isAsked() {
        return json;
    }

    /** Where lines for people go. */
    public PrintWriter people() {
        return json ? command.commandLine().getErr() : command.commandLine().getOut();
    }

    /** A document with the fields that all have; the command fills it. */
    public ObjectNode document() {
        return Json.mapper()
                .createObjectNode()
                .put("schema", SCHEMA)
                .put("command", command.qualifiedName(" ").replaceFirst("^dualform ", ""));
    }

    /** Prints the document if it is asked for. */
    public void print(ObjectNode document) {
        people().flush();
        if (!json) return;
        PrintWriter out = command.commandLine().getOut();
        out.print(Json.pretty(document));
        out.flush();
    }
}
