package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.dag.Dag;
import org.dualform.airflow.run.DagRun;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.workflow.outcome.RunDocument;
import org.dualform.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualform dags}: lists Dualform's DAGs. */
@Command(
        name = "dags",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Lists Dualform's DAGs in Airflow: whether each is paused, and its last run.", ""},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "75:Airflow cannot be reached", "78:Airflow does not let this user in"})
public final class DagsCommand implements Callable<Integer> {
    /** The tag that the DAG factories give. */
    static final String TAG = "dualform";

    @Option(names = "--all", order = 1, description = "All DAGs, also those without the tag " + TAG + ".")
    private boolean all;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private AirflowOption airflow = new AirflowOption();

    @Override
    public Integer call() {
        AirflowClient client = airflow.connect().client();
        List<Dag> dags = client.dags(all ? null : TAG);
        ObjectNode document = json.document();
        ArrayNode listed = document.putArray("dags");
        PrintWriter people = json.people();
        int width = dags.stream().mapToInt(dag -> dag.id().length()).max().orElse(0);
        for (Dag dag : dags) {
            Optional<DagRun> last = client.latestRuns(dag.id(), 1).stream().findFirst();
            people.printf(
                    "%-" + width + "s  %-6s  %s%n",
                    dag.id(),
                    state(dag),
                    last.map(DagsCommand::text).orElse("no run yet"));
            ObjectNode each = listed.addObject();
            each.put("id", dag.id()).put("paused", dag.paused()).put("broken", dag.broken());
            last.ifPresent(run -> each.set("last_run", RunDocument.of(client, run)));
        }
        if (dags.isEmpty())
            people.println((all
                            ? "Airflow has no DAG"
                            : "Airflow has no DAG with the tag " + TAG + "; --all lists those without it")
                    + ". A new file is read within a minute; Airflow's home page tells which could not be read.");
        json.print(document);
        return ExitCode.DONE.code();
    }

    private static String state(Dag dag) {
        return dag.broken() ? "broken" : dag.paused() ? "paused" : "active";
    }

    private static String text(DagRun run) {
        return run.state().label() + "  " + run.runId();
    }
}
