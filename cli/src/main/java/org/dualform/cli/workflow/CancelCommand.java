package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.control.Cancelling;
import org.dualform.cli.workflow.control.FindRun;
import org.dualform.cli.workflow.outcome.RunDocument;
import org.dualform.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dualform cancel}: ends a run and the processes of its tasks. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Ends a run of Airflow: its running tasks are stopped, the others are not started.",
            "Finished work is kept; './dualform resume RUN_ID' continues the run.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the run has ended", "64:there is no such run", "75:it has not ended yet"})
public final class CancelCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @Parameters(paramLabel = "RUN_ID", description = "The run.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String runId;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private AirflowOption airflow = new AirflowOption();

    @Override
    public Integer call() throws InterruptedException {
        Console console = Console.standard();
        AirflowClient client = airflow.connect().client();
        DagRun run = FindRun.byId(client, runId);
        if (run.state().isFinished()) {
            console.say(
                    "The run " + runId + " has ended already (" + run.state().label() + "); nothing was changed.");
            return ended(client, run, false, ExitCode.DONE);
        }
        DagRun ended = Cancelling.cancel(client, run, LIMIT, console);
        if (!ended.state().isFinished()) {
            console.say(
                    "The run is marked as failed and its tasks are told to stop, but Airflow has not closed it within "
                            + Console.seconds(LIMIT)
                            + ". ./dualform status shows whether the scheduler runs; without it nothing is closed.");
            return ended(client, ended, true, ExitCode.TRY_AGAIN);
        }
        console.say("Cancelled. Finished work is kept; ./dualform resume " + runId + " continues the run.");
        return ended(client, ended, true, ExitCode.DONE);
    }

    private int ended(AirflowClient client, DagRun run, boolean cancelled, ExitCode code) {
        ObjectNode document = json.document();
        document.set("run", RunDocument.of(client, run));
        json.print(document.put("cancelled", cancelled));
        return code.code();
    }
}
