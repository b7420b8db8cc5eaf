package org.dualform.cli.workflow;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.dualform.airflow.run.DagRun;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.control.FindRun;
import org.dualform.cli.workflow.outcome.RunPlaces;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * {@code dualform watch}: shows a run's progress and then its table. For a run that has ended, it prints the table at
 * once.
 */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Follows a run of Airflow to its end and shows its table and links.",
            "Ctrl-C leaves the run going.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the run succeeded", "71:the run failed", "75:Airflow cannot be reached", "130:Ctrl-C"})
public final class WatchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN_ID", arity = "0..1", description = "The run. Default: the latest.")
    private @Nullable String runId;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private AirflowOption airflow = new AirflowOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.standard();
        RunPlaces places = airflow.connect();
        DagRun run = runId == null ? FindRun.latest(places.client()) : FindRun.byId(places.client(), runId);
        console.say(run.runId() + " of " + run.dagId() + ": " + run.state().label());
        return Watching.toTheEnd(places, run, json, console);
    }
}
