package org.dualform.cli.workflow.outcome;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.contract.DualformException;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.page.Links;
import org.dualform.mlflow.server.Mlflow;

/**
 * A study's pages in MLflow. If the server cannot be reached, there are no links, and no command fails because of it.
 *
 * @param charts one chart of all curves, grouped by data set and method
 * @param summary the run that sums the study up; empty before it is known
 * @param report the HTML report; empty before there is one
 */
public record StudyPages(URI charts, Optional<URI> summary, Optional<URI> report) {
    private static final Pattern RUN_PAGE = Pattern.compile("#/experiments/([^/?]+)/runs/([^/?]+)");
    /** The MLflow experiment of tasks, unless their DAG names another. */
    private static final String EXPERIMENT = "dualform";

    private static final String REPORT = "report.html";

    /**
     * @param study the study's name: DAG and run id
     * @param trackedAt the address of the summary's page, by which its experiment is found
     */
    public static Optional<StudyPages> find(MlflowServer server, String study, Optional<String> trackedAt) {
        try (Mlflow mlflow = Mlflow.connect(server)) {
            Optional<Matcher> page = trackedAt.map(RUN_PAGE::matcher).filter(Matcher::find);
            Optional<String> experiment = page.map(found -> found.group(1))
                    .or(() -> mlflow.experiments().find(EXPERIMENT));
            return experiment.map(id -> {
                Links links = mlflow.links(id);
                return new StudyPages(
                        charts(mlflow, id, study, links),
                        page.map(found -> links.run(found.group(2))),
                        page.map(found -> found.group(2))
                                .filter(run -> keepsReport(mlflow, run))
                                .map(run -> links.artifact(run, REPORT)));
            });
        } catch (DualformException e) {
            return Optional.empty();
        }
    }

    /** Whether there is a report: the study may be under way, and a server may take no files. */
    private static boolean keepsReport(Mlflow mlflow, String run) {
        try {
            return mlflow.artifacts().list(mlflow.runs().get(run), "").contains(REPORT);
        } catch (DualformException e) {
            return false;
        }
    }

    /** The id of the run whose page has this address. */
    static Optional<String> runOf(String page) {
        Matcher matcher = RUN_PAGE.matcher(page);
        return matcher.find() ? Optional.of(matcher.group(2)) : Optional.empty();
    }

    private static URI charts(Mlflow mlflow, String experiment, String study, Links links) {
        try {
            return mlflow.views().curves(experiment, study);
        } catch (DualformException e) {
            // The user may not write to this experiment. The link shows the same runs without the grouping.
            return links.charts(study);
        }
    }
}
