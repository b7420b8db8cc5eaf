package org.dualform.cli.workflow.outcome;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.airflow.run.RunState;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.TerminalWidth;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.report.Report;
import org.dualform.score.result.Results;

/** Prints the outcome of a run that has ended: its table, its links, and its failed tasks. */
public final class RunOutcome {
    private final AirflowClient client;
    private final RunPlaces places;
    private final PrintWriter out;

    public RunOutcome(AirflowClient client, RunPlaces places, PrintWriter out) {
        this.client = client;
        this.places = places;
        this.out = out;
    }

    /** @return {@code DONE}, or {@code PERMANENT} if the run failed; a failed run may have a table too */
    public ExitCode print(RunProgress ended) throws IOException {
        DagRun run = ended.run();
        Optional<StudyResults> results = results(run);
        if (results.isPresent()) {
            printTable(results.get());
        }
        if (run.state() != RunState.SUCCESS) {
            out.println("The run failed:");
            FailedTasks.print(client, run, ended.failed(), out);
            out.println();
        }
        places.print(run, results, out);
        if (run.state() != RunState.SUCCESS) {
            out.println("Once the cause is fixed, ./dualform resume " + run.runId()
                    + " continues the run; finished work is not computed again.");
        }
        out.flush();
        return of(run.state());
    }

    /** The same outcome as members of a JSON document. */
    public ObjectNode document(RunProgress ended) throws IOException {
        DagRun run = ended.run();
        Optional<StudyResults> results = results(run);
        ObjectNode document = Json.mapper().createObjectNode();
        document.set("run", RunDocument.of(client, run));
        document.putObject("tasks").put("total", ended.total()).put("done", ended.done());
        RunDocument.finding(client, run).ifPresent(text -> document.put("finding", text));
        if (results.isPresent()) {
            Optional<Results> read = read(results.get());
            read.ifPresent(found -> document.set("answers", Json.mapper().valueToTree(found.answers())));
        }
        ArrayNode failed = document.putArray("failed");
        if (run.state() != RunState.SUCCESS)
            reasons(client, ended)
                    .forEach((task, reason) ->
                            failed.addObject().put("task", task).put("reason", reason));
        document.set("links", places.links(run, results));
        return document;
    }

    /** Why tasks failed, by the tasks' readable names. */
    public static Map<String, String> reasons(AirflowClient client, RunProgress ended) {
        return FailedTasks.reasons(client, ended.run(), ended.failed());
    }

    /** The exit code of a command that watched a run to its end: it succeeds or fails with the run. */
    public static ExitCode of(RunState state) {
        return state == RunState.SUCCESS ? ExitCode.DONE : ExitCode.PERMANENT;
    }

    private Optional<StudyResults> results(DagRun run) {
        try {
            return StudyResults.of(client, run, places.workspace());
        } catch (DualformException e) {
            out.println("The results could not be looked up: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Results> read(StudyResults results) throws IOException {
        Optional<Results> read = results.read();
        MlflowServer server = places.mlflow();
        return read.isEmpty() && server != null ? TrackedResults.fetch(server, results) : read;
    }

    private void printTable(StudyResults results) throws IOException {
        Optional<Report> report = read(results).map(Report::new);
        if (report.isPresent()) {
            out.println(report.get().text(TerminalWidth.ofOutput()));
        } else {
            out.println("The results are in the workspace of that Airflow's workers, which is not on this machine"
                    + " (--workspace names it where it is), and MLflow does not give them.\n");
        }
    }

    /** Tells a person who stops watching how to return. The run goes on. */
    public static void printLeft(DagRun run, Console console) {
        console.say("Stopped watching; the run goes on.\n  ./dualform watch " + run.runId()
                + "    follows it again\n  ./dualform cancel " + run.runId() + "   ends it");
    }
}
