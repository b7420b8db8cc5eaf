package org.dualform.task.cell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.base.FileTree;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.UserException;
import org.dualform.infer.Prediction;
import org.dualform.score.similarity.CellRecords;
import org.dualform.score.similarity.OfficialLines;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.parameters.ScoreParameters;
import org.dualform.task.progress.ProgressMeter;
import org.dualform.task.store.Durable;
import org.jspecify.annotations.Nullable;

/**
 * Writes a study's records in the layout of the paper's analysis scripts, one folder for each cell: {@code
 * OUT/CELL/en_dense_lm_MODEL/TASK/SETTING/record_info.jsonl}, and {@code OUT/CELL/rlt_json} for the scripts' results.
 */
public final class RecordsExport {
    private final Path workspace;
    private final Path out;

    /** @param workspace the study's workspace */
    public RecordsExport(Path workspace, Path out) {
        this.workspace = workspace;
        this.out = out;
    }

    /**
     * The outcome of an export.
     *
     * @param folders the folders that were written, one for each cell
     * @param left the cells that lack records of one of the three settings, with the reason
     */
    public record Exported(List<Path> folders, List<String> left) {}

    /**
     * Writes every recorded cell. It replaces a folder that was written before.
     *
     * @param scored the request that each cell was scored with
     * @throws UserException if nothing was recorded, or records are damaged
     */
    public Exported write(Map<String, Request> scored, ProgressMeter progress) throws IOException {
        List<Path> folders = new ArrayList<>();
        List<String> left = new ArrayList<>();
        int done = 0;
        for (Map.Entry<String, Request> cell : scored.entrySet()) {
            progress.at("export", done++, scored.size());
            String reason = missing(cell.getValue());
            if (reason == null) folders.add(write(cell.getKey(), cell.getValue()));
            else left.add(cell.getKey() + ": " + reason);
        }
        if (folders.isEmpty()) {
            throw UserException.data("No cell of this study has records of in-context learning and of fine-tuning."
                    + " Measure it with record on (--record), both methods and a shot count above 0.");
        }
        return new Exported(List.copyOf(folders), List.copyOf(left));
    }

    private static @Nullable String missing(Request cell) {
        for (String name : List.of(ScoreKind.ICL_RECORDS, ScoreKind.FT_RECORDS, ScoreKind.TRAINING_RECORDS)) {
            if (!cell.inputs().containsKey(name))
                return "it has no " + name.replace('_', ' ')
                        + ", since that task failed, diverged or was not asked for";
        }
        return null;
    }

    private Path write(String cell, Request request) throws IOException {
        ScoreParameters parameters = ParameterReader.read(ScoreParameters.class, request.parameters());
        CellRecords records = CellRecords.open(
                file(request, ScoreKind.ICL_RECORDS),
                file(request, ScoreKind.FT_RECORDS),
                file(request, ScoreKind.TRAINING_RECORDS));
        PredictionsFile icl = PredictionsFile.read(file(request, "icl"));
        PredictionsFile ft = PredictionsFile.read(file(request, "ft"));
        Path target = out.resolve(cell);
        Path temporary = out.resolve("." + cell + ".tmp");
        try {
            FileTree.delete(temporary);
            Files.createDirectories(temporary.resolve("rlt_json"));
            Path settings = temporary
                    .resolve("en_dense_lm_" + parameters.model().name())
                    .resolve(parameters.dataset().name());
            new OfficialLines(records, settings)
                    .write(labels(icl, 0), labels(icl, records.shots()), labels(ft, records.shots()));
            FileTree.delete(target);
            Durable.move(temporary, target);
            return target;
        } catch (IOException e) {
            throw new PermanentException("The records of " + cell + " cannot be written to " + out + ": " + e + ".", e);
        } finally {
            FileTree.delete(temporary);
        }
    }

    private Path file(Request request, String name) {
        Reference reference = request.inputs().get(name);
        if (reference == null) throw new IllegalStateException("a recorded cell has no " + name);
        return workspace.resolve(reference.path());
    }

    private static List<OfficialLines.Labels> labels(PredictionsFile file, int shots) {
        List<Prediction> predictions = file.shots().getOrDefault(shots, List.of());
        return predictions.stream()
                .map(p -> new OfficialLines.Labels(p.gold(), p.predicted()))
                .toList();
    }
}
