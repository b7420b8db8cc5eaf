package org.dualform.score.similarity;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dualform.record.RecordAbout;
import org.dualform.record.RecordShape;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;
import org.dualform.record.TrainingRecords;

/** Records made by hand. The position of each number determines its value. */
final class MadeRecords {
    /** A number of a setting, at a row, layer and place in it. */
    interface Numbers {
        double at(Setting setting, int row, int layer, int place);
    }

    static final RecordAbout ABOUT = new RecordAbout("m", "p", "predict", "unrotated", 3);
    private static final int DEMONSTRATION_TOKENS = 4;

    private final Path folder;
    private final RecordShape shape;
    private final int demonstrations;
    private final RecordAbout ftAbout;
    private final RecordAbout trainingAbout;

    MadeRecords(Path folder, int rows, int layers, int heads, int width, int length, int demonstrations) {
        this(
                folder,
                new RecordShape(layers, heads, width, heads * 2, Collections.nCopies(rows, length)),
                demonstrations,
                ABOUT,
                ABOUT);
    }

    private MadeRecords(
            Path folder, RecordShape shape, int demonstrations, RecordAbout ftAbout, RecordAbout trainingAbout) {
        this.folder = folder;
        this.shape = shape;
        this.demonstrations = demonstrations;
        this.ftAbout = ftAbout;
        this.trainingAbout = trainingAbout;
    }

    /** The same, with files that say this of themselves. */
    MadeRecords about(RecordAbout ft, RecordAbout training) {
        return new MadeRecords(folder, shape, demonstrations, ft, training);
    }

    int contextTokens() {
        return 1 + demonstrations * (DEMONSTRATION_TOKENS + 1);
    }

    /** @param trained (layer, token of all demonstrations, place) of the queries trained on */
    CellRecords write(Numbers outputs, Numbers maps, Numbers context, Numbers queries, Numbers trained) {
        Path icl = folder.resolve("icl.safetensors");
        Path ft = folder.resolve("ft.safetensors");
        rows(icl, ABOUT, List.of(Setting.ZSL, Setting.ICL, Setting.REORDERED), outputs, maps, context, queries);
        rows(ft, ftAbout, List.of(Setting.FT), outputs, maps, context, queries);
        Path training = folder.resolve("training.safetensors");
        TrainingRecords records = new TrainingRecords(
                shape.layers(), shape.queryWidth(), Collections.nCopies(demonstrations, DEMONSTRATION_TOKENS + 1));
        Map<String, List<Integer>> numbers =
                Map.of("shape", List.of(shape.layers(), shape.queryWidth()), "demonstration_tokens", records.tokens());
        try (RecordWriter writer = RecordWriter.create(training, trainingAbout.metadata(numbers), records.tensors())) {
            for (int d = 0; d < demonstrations; d++) {
                for (int layer = 0; layer < shape.layers(); layer++) {
                    float[] values = new float[(DEMONSTRATION_TOKENS + 1) * shape.queryWidth()];
                    for (int i = shape.queryWidth(); i < values.length; i++) {
                        int token = d * DEMONSTRATION_TOKENS + i / shape.queryWidth() - 1;
                        values[i] = (float) trained.at(Setting.FT, token, layer, i % shape.queryWidth());
                    }
                    writer.write(TrainingRecords.QUERIES, records.begin(d, layer), values);
                }
            }
        }
        return open();
    }

    CellRecords open() {
        return CellRecords.open(
                folder.resolve("icl.safetensors"),
                folder.resolve("ft.safetensors"),
                folder.resolve("training.safetensors"));
    }

    private void rows(
            Path file,
            RecordAbout about,
            List<Setting> settings,
            Numbers outputs,
            Numbers maps,
            Numbers context,
            Numbers queries) {
        Map<String, List<Integer>> numbers = new LinkedHashMap<>();
        numbers.put("shape", List.of(shape.layers(), shape.heads(), shape.width(), shape.queryWidth()));
        numbers.put("query_lengths", shape.lengths());
        numbers.put("first_columns", columns(1));
        numbers.put("end_columns", columns(1 + DEMONSTRATION_TOKENS));
        numbers.put("other_order", IntStream.range(0, demonstrations).boxed().toList());
        Map<String, long[]> tensors = new LinkedHashMap<>();
        settings.forEach(setting -> tensors.putAll(shape.tensors(setting, contextTokens())));
        try (RecordWriter writer = RecordWriter.create(file, about.metadata(numbers), tensors)) {
            for (Setting setting : settings) {
                for (int row = 0; row < shape.rows(); row++) {
                    write(writer, setting.attentionOutput(), outputs, setting, row, shape.width());
                    int map = shape.heads() * shape.lengths().get(row);
                    write(writer, setting.queryScores(), maps, setting, row, map);
                    if (row >= shape.contextRows()) continue;
                    if (setting.hasContext())
                        write(writer, setting.contextScores(), context, setting, row, contextTokens());
                    if (setting == Setting.FT)
                        write(writer, setting.queries(), queries, setting, row, shape.queryWidth());
                }
            }
        }
    }

    private List<Integer> columns(int first) {
        return IntStream.range(0, demonstrations)
                .mapToObj(d -> first + d * (DEMONSTRATION_TOKENS + 1))
                .toList();
    }

    private void write(RecordWriter writer, String tensor, Numbers numbers, Setting setting, int row, int size) {
        float[] values = new float[shape.layers() * size];
        for (int i = 0; i < values.length; i++) values[i] = (float) numbers.at(setting, row, i / size, i % size);
        writer.write(tensor, (long) row * values.length, values);
    }
}
