package org.dualform.cli.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.base.FileTree;
import org.dualform.contract.DualformException;
import org.dualform.contract.Json;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunView;
import org.dualform.report.Comparison;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.spec.CurveIdentity;

/**
 * The files of a study's summary run that tell more than its metrics: which models and data it measured, and what was
 * answered on every row. A study that is under way has none yet.
 */
final class StudyArtifacts {
    private static final String RESULTS = "results.json";
    private static final String EXAMPLES = "examples.jsonl";
    private static final int HASH = 12;

    private final Results results;
    private final Map<String, List<ExampleLine>> lines;

    private StudyArtifacts(Results results, Map<String, List<ExampleLine>> lines) {
        this.results = results;
        this.lines = lines;
    }

    /** Reads them; empty if the run does not have them. */
    static Optional<StudyArtifacts> fetch(Mlflow mlflow, RunView summary) throws IOException {
        Path folder = Files.createTempDirectory("dualform-compare");
        try {
            Path results = folder.resolve(RESULTS);
            Path examples = folder.resolve(EXAMPLES);
            mlflow.artifacts().download(summary, RESULTS, results);
            mlflow.artifacts().download(summary, EXAMPLES, examples);
            Map<String, List<ExampleLine>> lines = new HashMap<>();
            for (String line : Files.readAllLines(examples)) {
                ExampleLine read = Json.mapper().readValue(line, ExampleLine.class);
                lines.computeIfAbsent(key(read.cell(), read.shots()), key -> new ArrayList<>())
                        .add(read);
            }
            return Optional.of(
                    new StudyArtifacts(Json.mapper().readValue(Files.readAllBytes(results), Results.class), lines));
        } catch (DualformException | com.fasterxml.jackson.core.JsonProcessingException e) {
            // The study is not summarised yet, or an earlier version wrote it. It is then compared by its metrics.
            return Optional.empty();
        } finally {
            FileTree.delete(folder);
        }
    }

    /** What it was measured with, beside its parameters: hashes, device, versions. */
    Map<String, String> measuredWith() {
        JsonNode provenance = results.provenance();
        Map<String, String> facts = new LinkedHashMap<>();
        put(facts, "hash of the model", cut(provenance.at("/model/sha256")));
        for (JsonNode dataset : provenance.path("datasets")) {
            String name = dataset.path("name").asText();
            put(facts, "hash of " + name, cut(dataset.path("sha256")));
            put(facts, "evaluated split of " + name, dataset.path("split").asText());
        }
        put(facts, "computed on", provenance.path("device").asText());
        put(facts, "version", provenance.at("/versions/dualform").asText());
        return facts;
    }

    /** What was answered at a curve and shot count; empty if nothing was. */
    Optional<Comparison.Answers> answers(String curve, int shots) {
        Map<String, String> templates = new HashMap<>();
        Map<Integer, List<List<ExampleLine>>> bySeed = new TreeMap<>();
        String dataset = "";
        for (ResultRow row : results.rows()) {
            String first = templates.computeIfAbsent(row.dataset(), name -> row.template());
            String template = first.equals(row.template()) ? null : row.template();
            if (row.shots() != shots
                    || !new CurveIdentity(row.dataset(), row.arm(), null, template)
                            .name()
                            .equals(curve)) continue;
            List<ExampleLine> answered = lines.get(key(row.cell(), shots));
            if (answered == null) continue;
            bySeed.computeIfAbsent(row.seed(), seed -> new ArrayList<>()).add(answered);
            dataset = row.dataset();
        }
        String hash = hash(dataset);
        return bySeed.isEmpty() || hash.isEmpty()
                ? Optional.empty()
                : Optional.of(new Comparison.Answers(hash, bySeed));
    }

    private String hash(String dataset) {
        for (JsonNode each : results.provenance().path("datasets"))
            if (each.path("name").asText().equals(dataset))
                return each.path("sha256").asText();
        return "";
    }

    private static String key(String cell, int shots) {
        return cell + " " + shots;
    }

    private static String cut(JsonNode hash) {
        String text = hash.asText();
        return text.length() <= HASH ? text : text.substring(0, HASH);
    }

    private static void put(Map<String, String> facts, String name, String value) {
        if (!value.isEmpty()) facts.put(name, value);
    }
}
