package org.dualform.cli.workflow;

import java.io.IOException;
import java.io.PrintWriter;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.Interruption;
import org.dualform.cli.workflow.control.RunFollower;
import org.dualform.cli.workflow.outcome.RunOutcome;
import org.dualform.cli.workflow.outcome.RunPlaces;
import org.dualform.contract.ExitCode;

/** Watches a run to its end. Ctrl-C ends the watching, not the run. */
final class Watching {
    private Watching() {}

    static int toTheEnd(RunPlaces places, DagRun run, PrintWriter out, Console console)
            throws IOException, InterruptedException {
        try (Interruption ctrlC = Interruption.install()) {
            try {
                RunProgress ended = new RunFollower(places.client(), console).follow(run);
                return new RunOutcome(places.client(), places, out).print(ended).code();
            } catch (InterruptedException | RuntimeException e) {
                if (!ctrlC.requested()) throw e;
                RunOutcome.printLeft(run, console);
                return ExitCode.INTERRUPTED.code();
            }
        }
    }
}
