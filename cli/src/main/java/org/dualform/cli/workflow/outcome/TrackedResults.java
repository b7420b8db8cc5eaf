package org.dualform.cli.workflow.outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dualform.contract.DualformException;
import org.dualform.contract.Json;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.score.result.Results;

/** Reads results.json from the study's summary in MLflow, for machines that share no folder with Airflow's workers. */
final class TrackedResults {
    private static final String FILE = "results.json";

    private TrackedResults() {}

    /**
     * Reads them; empty if the study was not tracked, if MLflow cannot be reached, or if its file does not match the
     * hash in Airflow's XCom.
     */
    static Optional<Results> fetch(MlflowServer server, StudyResults study) throws IOException {
        Optional<String> run = study.trackedAt().flatMap(StudyPages::runOf);
        if (run.isEmpty()) return Optional.empty();
        Path folder = Files.createTempDirectory("dualform-results");
        Path file = folder.resolve(FILE);
        try (Mlflow mlflow = Mlflow.connect(server)) {
            mlflow.artifacts().download(mlflow.runs().get(run.get()), FILE, file, study.hash("results"));
            return Optional.of(Json.mapper().readValue(Files.readAllBytes(file), Results.class));
        } catch (DualformException e) {
            return Optional.empty();
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }
}
