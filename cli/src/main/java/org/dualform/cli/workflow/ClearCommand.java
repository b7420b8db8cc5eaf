package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.base.Counted;
import org.dualform.base.NearestNames;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.workflow.control.FindRun;
import org.dualform.cli.workflow.outcome.RunDocument;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dualform clear}: has tasks of a run computed anew. */
@Command(
        name = "clear",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Has tasks of a run computed anew, and those that depend on them.",
            "Airflow runs them again, and they do not use finished results. './dualform resume' keeps what is finished.",
            "Without --yes it only shows what it would clear.",
            ""
        },
        footer = {"", "Example:", "  dualform clear run-20260101-100000 --task cell.finetune --map-index 3 --yes"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:cleared, or shown",
            "64:there is no such run or task",
            "75:Airflow cannot be reached",
            "78:this user may not clear tasks"
        })
public final class ClearCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    @Parameters(paramLabel = "RUN_ID", description = "The run.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String runId;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            order = 1,
            description = "This task, such as cell.finetune; may be given several times. Default: all tasks.")
    private List<String> tasks = List.of();

    @Option(
            names = "--map-index",
            paramLabel = "I",
            order = 2,
            description = "Of a mapped task the instance with this number, from 0. Default: all.")
    private @Nullable Integer mapIndex;

    @Option(names = "--yes", order = 3, description = "Clear them.")
    private boolean yes;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private AirflowOption airflow = new AirflowOption();

    @Override
    public Integer call() {
        AirflowClient client = airflow.connect().client();
        DagRun run = FindRun.byId(client, runId);
        List<TaskInstance> all = client.tasks(run);
        List<TaskKey> chosen = List.copyOf(client.graph(run.dagId()).following(chosen(all), all));
        List<TaskInstance> would = client.wouldClear(run, chosen);
        if (yes) client.clear(run, chosen);
        tell(run, would);
        ObjectNode document = json.document();
        document.set("run", RunDocument.of(client, run));
        document.put("cleared", yes);
        ArrayNode listed = document.putArray("tasks");
        would.forEach(task -> listed.addObject()
                .put("task", task.key().taskId())
                .put("map_index", task.key().mapIndex())
                .put("state", task.state().label()));
        json.print(document);
        return ExitCode.DONE.code();
    }

    private Collection<TaskKey> chosen(List<TaskInstance> all) {
        if (tasks.isEmpty() && mapIndex != null)
            throw UserException.usage("--map-index says which instance of a mapped task; name the task by --task.");
        Collection<TaskKey> chosen = new TreeSet<>();
        List<String> known =
                all.stream().map(task -> task.key().taskId()).distinct().toList();
        for (String task : tasks.isEmpty() ? known : tasks) {
            List<TaskKey> instances = all.stream()
                    .map(TaskInstance::key)
                    .filter(key -> key.taskId().equals(task))
                    .toList();
            if (instances.isEmpty())
                throw UserException.usage(
                        "The run " + runId + " has no task " + task + "; " + NearestNames.hint(task, known) + ".");
            List<TaskKey> indexed = instances.stream()
                    .filter(key -> mapIndex == null || key.mapIndex() == mapIndex)
                    .toList();
            if (indexed.isEmpty())
                throw UserException.usage("The task " + task + " of " + runId + " has no instance " + mapIndex + "; "
                        + (instances.get(0).isMapped()
                                ? "they are numbered from 0 to " + (instances.size() - 1) + "."
                                : "it is not mapped: leave out --map-index."));
            chosen.addAll(indexed);
        }
        return chosen;
    }

    private void tell(DagRun run, List<TaskInstance> would) {
        PrintWriter people = json.people();
        people.println((yes ? "Cleared " : "Would clear ") + Counted.of(would.size(), "task instance") + " of "
                + run.runId() + ":");
        would.stream()
                .limit(SHOWN)
                .forEach(task -> people.println(
                        "  " + task.label() + ", now " + task.state().label()));
        if (would.size() > SHOWN) people.println("  and " + (would.size() - SHOWN) + " more");
        people.println(
                yes
                        ? "They are computed anew. ./dualform watch " + run.runId() + " follows the run."
                        : "Nothing was changed. --yes clears them; tasks that run now are stopped first.");
        people.flush();
    }
}
