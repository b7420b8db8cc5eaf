package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.Interruption;
import org.dualform.cli.workflow.control.RunFollower;
import org.dualform.cli.workflow.outcome.RunDocument;
import org.dualform.cli.workflow.outcome.RunOutcome;
import org.dualform.cli.workflow.outcome.RunPlaces;
import org.dualform.contract.ExitCode;

/** Watches a run to its end. Ctrl-C ends the watching, not the run. */
final class Watching {
    private Watching() {}

    static int toTheEnd(RunPlaces places, DagRun run, JsonOption json, Console console)
            throws IOException, InterruptedException {
        try (Interruption ctrlC = Interruption.install()) {
            try {
                RunProgress ended = new RunFollower(places.client(), console).follow(run);
                RunOutcome outcome = new RunOutcome(places.client(), places, json.people());
                ExitCode code = outcome.print(ended);
                if (json.isAsked()) json.print(json.document().setAll(outcome.document(ended)));
                return code.code();
            } catch (InterruptedException | RuntimeException e) {
                if (!ctrlC.requested()) throw e;
                RunOutcome.printLeft(run, console);
                if (json.isAsked()) {
                    ObjectNode document = json.document();
                    document.set("run", RunDocument.of(places.client(), run));
                    json.print(document.put("left", true));
                }
                return ExitCode.INTERRUPTED.code();
            }
        }
    }
}
