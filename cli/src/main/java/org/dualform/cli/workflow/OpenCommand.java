package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.Browser;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.control.FindRun;
import org.dualform.cli.workflow.outcome.RunPlaces;
import org.dualform.cli.workflow.outcome.StudyPages;
import org.dualform.cli.workflow.outcome.StudyResults;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dualform open}: opens a page of a run, or of a server. */
@Command(
        name = "open",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Prints the address of a page and opens it in a browser, where there is one.", ""},
        footer = {"", "Example:", "  dualform open report run-20260101-100000"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "64:there is no such run or page",
            "75:a server cannot be reached",
            "78:no MLflow is known"
        })
public final class OpenCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "WHAT",
            description =
                    "airflow, mlflow: the server. summary, report: of a study. RUN_ID: the run's page in Airflow.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String what;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "RUN_ID",
            description = "The run whose summary or report is meant. Default: the latest.")
    private @Nullable String runId;

    @Option(names = "--print", order = 1, description = "Print the address and open nothing.")
    private boolean print;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private AirflowOption airflow = new AirflowOption();

    @Override
    public Integer call() {
        RunPlaces places = airflow.connect();
        URI address = find(places);
        ObjectNode document = json.document();
        document.put("what", what).put("address", address.toString());
        boolean opened = !print && Browser.open(address, System.getenv());
        document.put("opened", opened);
        if (!json.isAsked()) json.people().println(address);
        json.print(document);
        if (!print && !opened) Console.standard().say("There is no browser here to open it with.");
        return ExitCode.DONE.code();
    }

    private URI find(RunPlaces places) {
        return switch (what) {
            case "airflow" -> URI.create(places.client().url());
            case "mlflow" -> mlflow(places).base();
            case "summary" -> summary(places);
            case "report" -> report(places);
            default -> run(places.client(), what);
        };
    }

    private URI run(AirflowClient client, String id) {
        if (runId != null)
            throw UserException.usage("'open " + id + " " + runId + "': only summary and report are of a run.");
        DagRun run = FindRun.byId(client, id);
        return URI.create(client.runUrl(run.dagId(), run.runId()));
    }

    private URI summary(RunPlaces places) {
        DagRun run = run(places.client());
        return pages(places, run)
                .flatMap(StudyPages::summary)
                .orElseThrow(() -> UserException.usage("MLflow has no summary of " + run.runId() + ", which is "
                        + run.state().label()
                        + ": the study was not tracked, or its task summarise has not ended. 'open " + run.runId()
                        + "' opens the run."));
    }

    private URI report(RunPlaces places) {
        DagRun run = run(places.client());
        Optional<URI> file = StudyResults.of(places.client(), run, places.workspace())
                .flatMap(results -> results.file("report"))
                .map(Path::toUri);
        return file.or(() -> pages(places, run).flatMap(StudyPages::report))
                .orElseThrow(() -> UserException.usage("There is no report of " + run.runId() + ", which is "
                        + run.state().label() + ": its task summarise makes it. 'open " + run.runId()
                        + "' opens the run."));
    }

    private static Optional<StudyPages> pages(RunPlaces places, DagRun run) {
        Optional<String> trackedAt =
                StudyResults.of(places.client(), run, places.workspace()).flatMap(StudyResults::trackedAt);
        return StudyPages.find(mlflow(places), run.dagId() + "/" + run.runId(), trackedAt);
    }

    private DagRun run(AirflowClient client) {
        return runId == null ? FindRun.latest(client) : FindRun.byId(client, runId);
    }

    private static MlflowServer mlflow(RunPlaces places) {
        MlflowServer server = places.mlflow();
        if (server == null)
            throw UserException.config("No MLflow is known: name it by MLFLOW_TRACKING_URI, beside --airflow.");
        return server;
    }
}
