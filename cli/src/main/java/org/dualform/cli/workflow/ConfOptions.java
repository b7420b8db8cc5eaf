package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.dualform.cli.run.SpecOptions;
import org.dualform.cli.workflow.control.AllMistakes;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/**
 * The option {@code --conf}: parameters of a DAG's form by name. It serves forms whose fields are not an experiment's.
 */
final class ConfOptions {
    @Option(
            names = "--conf",
            paramLabel = "NAME=VALUE",
            order = 30,
            description =
                    "A parameter of the DAG's form by its name; may be given several times. The experiment's own have"
                            + " options, below.")
    private List<String> conf = new ArrayList<>();

    /** The parameters given by the experiment's options and by these, as text. */
    ObjectNode given(ParseResult parsed, AllMistakes mistakes) {
        ObjectNode given = SpecOptions.given(parsed);
        for (String entry : conf) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                mistakes.add("--conf is written NAME=VALUE; it is '" + entry + "'.");
            } else if (given.has(entry.substring(0, equals))) {
                mistakes.add("The parameter " + entry.substring(0, equals) + " is given twice.");
            } else {
                given.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return given;
    }
}
