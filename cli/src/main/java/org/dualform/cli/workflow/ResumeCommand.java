package org.dualform.cli.workflow;

import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.airflow.run.TaskState;
import org.dualform.base.Counted;
import org.dualform.cli.machine.Home;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.server.Servers;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.control.DagReady;
import org.dualform.cli.workflow.control.FindRun;
import org.dualform.cli.workflow.control.Rerun;
import org.dualform.cli.workflow.outcome.RunPlaces;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dualform resume}: continues a run that failed, was cancelled, or lost its servers. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Continues a run that failed, was cancelled, or whose servers were stopped or killed.",
            "Tasks that failed or never ran are run, and those that depend on them. Servers that are down are started.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the run has succeeded",
            "64:there is no such run",
            "71:the run failed again",
            "130:Ctrl-C; the run goes on"
        })
public final class ResumeCommand implements Callable<Integer> {
    private static final int NAMED = 6;

    @Parameters(paramLabel = "RUN_ID", description = "The run.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String runId;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private AirflowOption airflow = new AirflowOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.standard();
        boolean restarted = airflow.isLocal() && startServers(console);
        RunPlaces places = airflow.connect();
        AirflowClient client = places.client();
        DagRun run = FindRun.byId(client, runId);
        DagReady.await(client, run.dagId(), console);
        List<TaskInstance> tasks = client.tasks(run);
        SortedSet<TaskKey> again = Rerun.of(run.state(), client.graph(run.dagId()), tasks);
        if (!again.isEmpty()) {
            console.say(describe(again, tasks));
            client.clear(run, List.copyOf(again));
        } else if (run.state() == RunState.SUCCESS) {
            console.say("The run " + runId + " has succeeded already; there is nothing to resume.");
        } else {
            console.say("Nothing of " + runId + " has failed; it goes on.");
        }
        if (restarted && tasks.stream().anyMatch(task -> task.state() == TaskState.RUNNING)) {
            console.say("  Tasks that ran when the servers ended are still listed as running. The new scheduler takes"
                    + " them over within a minute and starts them again.");
        }
        return Watching.toTheEnd(places, run, json, console);
    }

    /** @return true if a server had to be started */
    private static boolean startServers(Console console) {
        Home home = Home.find();
        Stack stack = new Stack(home, console);
        if (stack.isUp()) return false;
        console.say("Starting the servers that do not run; ./dualform down stops them.");
        Servers.environments(home, console);
        stack.up();
        return true;
    }

    private static String describe(SortedSet<TaskKey> again, List<TaskInstance> tasks) {
        List<String> names = tasks.stream()
                .filter(task -> again.contains(task.key()))
                .map(TaskInstance::label)
                .toList();
        String shown = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        long kept = tasks.stream()
                .filter(task -> task.state() == TaskState.SUCCESS && !again.contains(task.key()))
                .count();
        return "Of " + Counted.of(tasks.size(), "task") + " " + again.size() + (again.size() == 1 ? " runs" : " run")
                + " again, " + kept + (kept == 1 ? " is" : " are") + " kept: " + shown
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "") + ".";
    }
}
