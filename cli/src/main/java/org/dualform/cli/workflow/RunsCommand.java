package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.dag.Dag;
import org.dualform.airflow.run.DagRun;
import org.dualform.base.NearestNames;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.outcome.RunCells;
import org.dualform.cli.workflow.outcome.RunDocument;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dualform runs}: lists recent runs. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Lists recent runs, the latest first: state, start, duration, cells, and what was found.", ""},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "64:there is no such DAG", "75:Airflow cannot be reached"})
public final class RunsCommand implements Callable<Integer> {
    private static final int MOST = 100;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    @Parameters(paramLabel = "DAG", arity = "0..1", description = "Of this DAG alone. Default: of all of Dualform's.")
    private @Nullable String dag;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            order = 1,
            description = "At most so many runs, up to " + MOST + ". Default: ${DEFAULT-VALUE}.")
    private int count = 10;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private AirflowOption airflow = new AirflowOption();

    @Override
    public Integer call() {
        if (count < 1 || count > MOST)
            throw UserException.usage("--count is a number from 1 to " + MOST + "; it is " + count + ".");
        AirflowClient client = airflow.connect().client();
        List<DagRun> runs = dag == null ? ofDualform(client) : client.latestRuns(known(client, dag), count);
        ObjectNode document = json.document();
        ArrayNode listed = document.putArray("runs");
        PrintWriter people = json.people();
        for (DagRun run : runs) {
            RunCells cells = RunCells.of(client.tasks(run));
            Optional<String> finding = RunDocument.finding(client, run);
            print(people, run, cells, finding);
            ObjectNode each = RunDocument.of(client, run);
            each.putObject("cells")
                    .put("total", cells.total())
                    .put("done", cells.done())
                    .put("failed", cells.failed());
            finding.ifPresent(text -> each.put("finding", text));
            listed.add(each);
        }
        if (runs.isEmpty()) people.println("There is no run yet. ./dualform trigger icl_shot_sweep starts one.");
        json.print(document);
        return ExitCode.DONE.code();
    }

    private static void print(PrintWriter people, DagRun run, RunCells cells, Optional<String> finding) {
        Instant began = run.startedAt();
        people.printf(
                "%-8s %s  %s, %s, cells %s  (%s)%n",
                run.state().label(),
                run.runId(),
                began == null ? "not begun" : TIME.format(began),
                RunDocument.time(run, Instant.now()).map(Console::seconds).orElse("0 s"),
                cells.text(),
                run.dagId());
        finding.map(RunsCommand::claims)
                .ifPresent(text -> people.println("         " + text.replace("\n", "\n         ")));
    }

    /** What a finding begins with: one claim for each model and data set. The table follows after an empty line. */
    private static String claims(String finding) {
        String text = finding.strip();
        int table = text.indexOf("\n\n");
        return table < 0 ? text : text.substring(0, table);
    }

    /** The latest runs of Dualform's DAGs. An Airflow that a team shares has others too. */
    private List<DagRun> ofDualform(AirflowClient client) {
        return client.dags(DagsCommand.TAG).stream()
                .flatMap(each -> client.latestRuns(each.id(), count).stream())
                .sorted(Comparator.comparing(RunsCommand::queued).reversed())
                .limit(count)
                .toList();
    }

    private static Instant queued(DagRun run) {
        Instant queued = run.queuedAt();
        return queued == null ? Instant.MAX : queued;
    }

    private static String known(AirflowClient client, String dagId) {
        List<String> ids = client.dags().stream().map(Dag::id).toList();
        if (ids.contains(dagId)) return dagId;
        throw UserException.usage("Airflow has no DAG " + dagId + "; " + NearestNames.hint(dagId, ids) + ".");
    }
}
