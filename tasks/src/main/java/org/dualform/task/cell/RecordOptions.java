package org.dualform.task.cell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.data.RowChoice;
import org.dualform.infer.RecordedToken;
import org.dualform.infer.RowRecorder;
import org.dualform.model.part.Architecture;
import org.dualform.prompt.PromptSet;
import org.dualform.record.RecordAbout;
import org.dualform.record.RecordShape;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;
import org.dualform.record.TrainingRecords;
import org.dualform.spec.choice.BaselineChoice;
import org.dualform.spec.choice.RecordPosition;
import org.dualform.spec.choice.RecordQueries;
import org.dualform.task.parameters.InferParameters;
import org.dualform.task.parameters.ModelUse;
import org.dualform.task.run.TaskContext;

/**
 * What is recorded in a cell, and how its file is laid out.
 *
 * @param official whether the last token of the first candidate is recorded, instead of the input's last
 * @param rotated whether query vectors are taken after rotary positions
 * @param limit the largest number of recorded rows
 * @param reordered whether in-context learning is recorded under another order as well
 */
public record RecordOptions(boolean official, boolean rotated, int limit, boolean reordered) {
    public static final String OUTPUT = "records";
    public static final String FILE = "records.safetensors";

    /** The order that the noise floor uses. It is applied to the cell's own order. */
    private static final int OTHER_ORDER = 1;

    static RecordOptions of(InferParameters parameters) {
        return new RecordOptions(
                parameters.recordPosition() == RecordPosition.OFFICIAL,
                parameters.recordQueries() == RecordQueries.ROTATED,
                parameters.recordLimit(),
                parameters.baselines().contains(BaselineChoice.NOISE_FLOOR));
    }

    /** The shot count that is recorded, which is the largest. If it is 0, nothing is recorded. */
    public static int shots(PromptSet prompts) {
        return prompts.demonstrations().size();
    }

    RowRecorder rows(PromptSet prompts, Architecture architecture) {
        return new RowRecorder(prompts, RecordedToken.of(prompts, official, rotated), architecture, limit);
    }

    /** The other order of the demonstrations; empty if there is only one demonstration. */
    List<Integer> otherOrder(PromptSet prompts) {
        return RowChoice.order(OTHER_ORDER, shots(prompts));
    }

    /** The settings under which in-context learning is recorded. */
    List<Setting> iclSettings(PromptSet prompts) {
        boolean other = reordered && shots(prompts) > 1;
        return other ? List.of(Setting.ZSL, Setting.ICL, Setting.REORDERED) : List.of(Setting.ZSL, Setting.ICL);
    }

    /** Begins a file of rows recorded under {@code settings}. */
    RecordWriter begin(Path file, RecordAbout about, PromptSet prompts, RecordShape shape, List<Setting> settings) {
        Map<String, List<Integer>> numbers = new LinkedHashMap<>();
        numbers.put("shape", List.of(shape.layers(), shape.heads(), shape.width(), shape.queryWidth()));
        numbers.put("query_lengths", shape.lengths());
        numbers.put("first_columns", columns(prompts, true));
        numbers.put("end_columns", columns(prompts, false));
        if (settings.contains(Setting.REORDERED)) numbers.put("other_order", otherOrder(prompts));
        return RecordWriter.create(file, about.metadata(numbers), tensors(shape, prompts, settings));
    }

    private static Map<String, long[]> tensors(RecordShape shape, PromptSet prompts, List<Setting> settings) {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        for (Setting setting : settings)
            tensors.putAll(shape.tensors(setting, prompts.context().length()));
        return tensors;
    }

    private static List<Integer> columns(PromptSet prompts, boolean first) {
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < shots(prompts); i++) columns.add(first ? prompts.firstColumn(i) : prompts.endColumn(i));
        return columns;
    }

    /** Begins the file of the demonstrations' queries. */
    static RecordWriter begin(Path file, RecordAbout about, TrainingRecords records) {
        Map<String, List<Integer>> numbers = Map.of(
                "shape", List.of(records.layers(), records.queryWidth()), "demonstration_tokens", records.tokens());
        return RecordWriter.create(file, about.metadata(numbers), records.tensors());
    }

    static TrainingRecords training(PromptSet prompts, Architecture architecture) {
        return new TrainingRecords(
                architecture.sizes().layers(),
                architecture.sizes().queryWidth(),
                prompts.demonstrations().stream().map(d -> d.tuning().length()).toList());
    }

    /** Describes the cell and method of the records. */
    static RecordAbout about(
            ModelUse use, RecordPosition position, RecordQueries queries, TaskContext context, PromptSet prompts)
            throws IOException {
        return new RecordAbout(
                use.model().sha256() + " " + use.modelVariant().id(),
                context.hashes().of(context.input("prompts")),
                position.id(),
                queries.id(),
                shots(prompts));
    }

    /** The bytes of a cell's records on the disk. */
    public long bytes(PromptSet prompts, Architecture architecture, boolean icl, boolean ft) {
        RecordShape shape = rows(prompts, architecture).shape();
        long bytes = 0;
        if (icl) bytes += RecordShape.bytes(tensors(shape, prompts, iclSettings(prompts)));
        if (ft) {
            bytes += RecordShape.bytes(tensors(shape, prompts, List.of(Setting.FT)));
            bytes += RecordShape.bytes(training(prompts, architecture).tensors());
        }
        return bytes;
    }
}
