package org.dualform.task.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.data.RowChoice;
import org.dualform.report.Report;
import org.dualform.report.ResultsJson;
import org.dualform.report.panel.Evidence;
import org.dualform.score.cell.CellScores;
import org.dualform.score.metric.Absence;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SelectionCurve;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.study.Answers;
import org.dualform.score.study.ControlArms;
import org.dualform.score.study.StudySummary;
import org.dualform.task.file.Parameters;
import org.dualform.task.run.Provenance;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.select.SelectKind;
import org.dualform.task.tracking.SummaryTracking;

/** Puts the cells' scores together, whatever of them exists; a cell without scores has rows that say so. */
public final class SummariseKind implements TaskKind {
    /** Input of a cell's scores: this, then the cell's id. */
    public static final String SCORES = "scores.";
    /** Input of what select found: this, then the item's id. */
    public static final String SELECTION = "selection.";
    /** Parameter: why cells have no scores, by cell's id, as far as the caller knows. */
    public static final String FAILURES = "failures";

    @Override
    public String name() {
        return "summarise";
    }

    @Override
    public int algorithmVersion() {
        return 4;
    }

    @Override
    public Set<String> parameters() {
        return Set.of(FAILURES);
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new SummaryTracking(study, SummaryTracking.Role.SUMMARISE);
    }

    @Override
    public TaskOutcome run(TaskContext context) throws IOException {
        JsonNode plan = Json.mapper().readTree(Files.readAllBytes(context.input("plan")));
        Map<String, CellScores> scored = new LinkedHashMap<>();
        List<ResultRow> rows = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (JsonNode cell : plan.path("cells")) {
            String id = cell.path("id").asText();
            Optional<Path> file = context.optionalInput(SCORES + id);
            if (file.isPresent()) {
                CellScores scores = Json.mapper().readValue(Files.readAllBytes(file.get()), CellScores.class);
                scored.put(id, scores);
                rows.addAll(scores.rows());
            } else {
                missing.add(cell.path("name").asText());
                String failure = context.parameters().path(FAILURES).path(id).asText();
                rows.addAll(missingRows(
                        cell, failure.isEmpty() ? "the cell has no scores: its tasks failed or never ran" : failure));
            }
        }
        List<SummaryRow> summary = ControlArms.besideSummary(StudySummary.of(List.copyOf(scored.values())));
        List<SelectionCurve> curves = selectionCurves(context, plan);
        Results results = new Results(
                1,
                plan.path("spec"),
                provenance(plan),
                ControlArms.beside(rows),
                summary,
                curves,
                Answers.of(summary, curves));
        Files.writeString(
                context.folder().resolve("results.json"), Json.pretty(ResultsJson.of(results)), StandardCharsets.UTF_8);
        writeExamples(scored, context.folder().resolve("examples.jsonl"));
        Map<String, String> outputs = new TreeMap<>();
        outputs.put("results", "results.json");
        outputs.put("examples", "examples.jsonl");
        if (writeLayers(scored, context.folder().resolve("layers.json"))) outputs.put("layers", "layers.json");
        outputs.putAll(report(results, evidence(scored), context.folder()));
        return TaskOutcome.done(outputs)
                .withMetric("cells", (double) scored.size())
                .withMetric("missing", (double) missing.size())
                .with(message(missing));
    }

    /** Of every select item that ran and had rows to choose by. */
    private static List<SelectionCurve> selectionCurves(TaskContext context, JsonNode plan) throws IOException {
        List<SelectionCurve> curves = new ArrayList<>();
        for (JsonNode item : plan.path("select")) {
            Optional<Path> file =
                    context.optionalInput(SELECTION + item.path("id").asText());
            if (file.isEmpty()) continue;
            JsonNode curve =
                    Json.mapper().readTree(Files.readAllBytes(file.get())).path(SelectKind.CURVE);
            if (curve.isObject()) curves.add(Json.mapper().treeToValue(curve, SelectionCurve.class));
        }
        return curves;
    }

    private static Evidence evidence(Map<String, CellScores> scored) {
        return new Evidence(
                scored.values().stream().flatMap(s -> s.examples().stream()).toList(),
                scored.values().stream().flatMap(s -> s.layers().stream()).toList());
    }

    private static Map<String, String> report(Results results, Evidence evidence, Path folder) throws IOException {
        Report report = new Report(results, evidence);
        Map<String, String> outputs = new TreeMap<>();
        Files.writeString(folder.resolve("report.html"), report.html(), StandardCharsets.UTF_8);
        outputs.put("report", "report.html");
        Optional<byte[]> curves = report.png();
        if (curves.isPresent()) {
            Files.write(folder.resolve("curves.png"), curves.get());
            outputs.put("curves", "curves.png");
        }
        Optional<byte[]> alike = report.alikePng();
        if (alike.isPresent()) {
            Files.write(folder.resolve("alike.png"), alike.get());
            outputs.put("alike", "alike.png");
        }
        return outputs;
    }

    private static String message(List<String> missing) {
        if (missing.isEmpty()) return "";
        return (missing.size() == 1 ? "One cell is missing: " : missing.size() + " cells are missing: ")
                + String.join(", ", missing) + ".";
    }

    private static List<ResultRow> missingRows(JsonNode cell, String reason) {
        JsonNode p = cell.path("parameters");
        CellId id = new CellId(
                p.path(Parameters.MODEL).path("name").asText(),
                p.path(Parameters.DATASET).path("name").asText(),
                p.path(Parameters.SEED).asInt(),
                p.path(Parameters.ORDER).asInt(),
                p.path(Parameters.ARM).asText(),
                p.path(Parameters.TEMPLATE).path("name").asText());
        List<ResultRow> rows = new ArrayList<>();
        for (JsonNode shots : p.path(Parameters.SHOTS)) {
            JsonNode rate = p.path(Parameters.LEARNING_RATE);
            rows.add(new ResultRow(
                    cell.path("id").asText(),
                    id,
                    FittedShots.unknown(shots.asInt()),
                    rate.isNumber() ? rate.doubleValue() : null,
                    p.path(Parameters.RECORD_POSITION).asText(),
                    RowStatus.MISSING,
                    List.of(new Absence.Failed(reason)),
                    Map.of()));
        }
        return rows;
    }

    /** Of the whole study: what was used, in which versions, on what machine. */
    private static ObjectNode provenance(JsonNode plan) {
        ObjectNode provenance = Json.mapper().createObjectNode();
        provenance.set("versions", Provenance.versions());
        provenance.set("machine", Provenance.machine());
        provenance.set("model", withoutPath(plan.path("model")));
        for (JsonNode dataset : plan.path("datasets")) {
            provenance.withArray("datasets").add(withoutPath(dataset));
        }
        provenance.put("rows", RowChoice.VERSION);
        provenance.set("threads", plan.path("threads"));
        provenance.set("device", plan.path("device"));
        provenance.set("chunk_rows", plan.path("chunk_rows"));
        provenance.set("warnings", plan.path("warnings"));
        provenance.putObject("times").put("summarised", Instant.now().toString());
        return provenance;
    }

    private static JsonNode withoutPath(JsonNode source) {
        ObjectNode copy = source.deepCopy();
        copy.remove("path");
        return copy;
    }

    /** Similarities by layer, where anything was recorded. */
    private static boolean writeLayers(Map<String, CellScores> scored, Path file) throws IOException {
        List<LayerSimilarity> layers =
                scored.values().stream().flatMap(cell -> cell.layers().stream()).toList();
        if (layers.isEmpty()) return false;
        ObjectNode json = Json.mapper().createObjectNode().put("schema", 1);
        json.set("layers", Json.mapper().valueToTree(layers));
        Files.writeString(file, Json.write(json), StandardCharsets.UTF_8);
        return true;
    }

    private static void writeExamples(Map<String, CellScores> scored, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (CellScores scores : scored.values()) {
                for (ExampleLine line : scores.examples()) {
                    out.write(Json.mapper().writeValueAsString(line));
                    out.write('\n');
                }
            }
        }
    }
}
