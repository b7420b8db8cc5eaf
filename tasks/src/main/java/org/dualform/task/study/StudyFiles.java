package org.dualform.task.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.report.Report;
import org.dualform.report.ResultsJson;
import org.dualform.report.panel.Evidence;
import org.dualform.score.cell.CellScores;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.result.Results;
import org.dualform.task.file.StudyFile;

/**
 * Writes the files of a study.
 *
 * @param scored the cells that have scores, in the plan's order
 */
record StudyFiles(Results results, List<CellScores> scored) {
    /** Writes every file that has content, and returns the file names by output. */
    Map<String, String> write(Path folder) throws IOException {
        Map<String, String> outputs = new TreeMap<>();
        write(folder, StudyFile.RESULTS, Json.pretty(ResultsJson.of(results)), outputs);
        List<ExampleLine> examples =
                scored.stream().flatMap(cell -> cell.examples().stream()).toList();
        writeLines(examples, folder.resolve(StudyFile.EXAMPLES.fileName()));
        outputs.put(StudyFile.EXAMPLES.output(), StudyFile.EXAMPLES.fileName());
        List<LayerSimilarity> layers =
                scored.stream().flatMap(cell -> cell.layers().stream()).toList();
        if (!layers.isEmpty()) write(folder, StudyFile.LAYERS, Json.write(json(layers)), outputs);
        Report report = new Report(results, new Evidence(examples, layers));
        write(folder, StudyFile.REPORT, report.html(), outputs);
        write(folder, StudyFile.CURVES, report.png(), outputs);
        write(folder, StudyFile.ALIKE, report.alikePng(), outputs);
        return outputs;
    }

    private static void write(Path folder, StudyFile file, String text, Map<String, String> outputs)
            throws IOException {
        write(folder, file, Optional.of(text.getBytes(StandardCharsets.UTF_8)), outputs);
    }

    private static void write(Path folder, StudyFile file, Optional<byte[]> bytes, Map<String, String> outputs)
            throws IOException {
        if (bytes.isEmpty()) return;
        Files.write(folder.resolve(file.fileName()), bytes.get());
        outputs.put(file.output(), file.fileName());
    }

    private static ObjectNode json(List<LayerSimilarity> layers) {
        ObjectNode json = Json.mapper().createObjectNode().put("schema", 1);
        json.set("layers", Json.mapper().valueToTree(layers));
        return json;
    }

    private static void writeLines(List<ExampleLine> lines, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (ExampleLine line : lines) {
                out.write(Json.mapper().writeValueAsString(line));
                out.write('\n');
            }
        }
    }
}
