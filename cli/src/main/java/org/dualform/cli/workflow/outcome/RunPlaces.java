package org.dualform.cli.workflow.outcome;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.contract.Json;
import org.dualform.mlflow.http.MlflowServer;
import org.jspecify.annotations.Nullable;

/**
 * The servers and the folder that a run uses.
 *
 * @param login who may open Airflow's pages, as a remark for people
 * @param mlflow the server that tasks report to, or null where none is known
 * @param workspace the folder that tasks share
 */
public record RunPlaces(
        AirflowClient client, String login, @Nullable MlflowServer mlflow, Path workspace) {

    /** Prints the links to the run, its curves and its report. */
    public void print(DagRun run, Optional<StudyResults> results, PrintWriter out) {
        out.println("Airflow run   " + client.runUrl(run.dagId(), run.runId()));
        out.println("              " + login);
        Optional<StudyPages> pages = pages(run, results.flatMap(StudyResults::trackedAt));
        pages.ifPresent(found -> out.println("All curves    " + found.charts()));
        Optional<String> report = results.flatMap(found -> found.file("report"))
                .map(Path::toString)
                .or(() -> pages.flatMap(StudyPages::report).map(URI::toString));
        report.ifPresent(place -> out.println("Report        " + place));
        results.flatMap(found -> found.file("results")).ifPresent(file -> out.println("results.json  " + file));
        out.flush();
    }

    /** The same links as {@link #print} gives, as a member of a JSON document. */
    public ObjectNode links(DagRun run, Optional<StudyResults> results) {
        ObjectNode links = Json.mapper().createObjectNode();
        links.put("airflow", client.runUrl(run.dagId(), run.runId()));
        Optional<StudyPages> pages = pages(run, results.flatMap(StudyResults::trackedAt));
        pages.ifPresent(found -> links.put("curves", found.charts().toString()));
        pages.flatMap(StudyPages::summary).ifPresent(page -> links.put("summary", page.toString()));
        pages.flatMap(StudyPages::report).ifPresent(page -> links.put("report", page.toString()));
        results.flatMap(found -> found.file("report")).ifPresent(file -> links.put("report_file", file.toString()));
        results.flatMap(found -> found.file("results")).ifPresent(file -> links.put("results_file", file.toString()));
        return links;
    }

    private Optional<StudyPages> pages(DagRun run, Optional<String> trackedAt) {
        MlflowServer server = mlflow;
        return server == null ? Optional.empty() : StudyPages.find(server, run.dagId() + "/" + run.runId(), trackedAt);
    }
}
