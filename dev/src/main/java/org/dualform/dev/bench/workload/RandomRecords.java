package org.dualform.dev.bench.workload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dualform.record.RecordAbout;
import org.dualform.record.RecordShape;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;
import org.dualform.record.TrainingRecords;
import org.dualform.score.similarity.CellRecords;

/**
 * A cell's records with random numbers. Their shape is that of the paper's 1.3B model: 24 layers, 32 heads, width 2048,
 * and 30 demonstrations of 50 tokens each.
 *
 * @param folder the folder of the files
 * @param rows the number of evaluated rows
 */
public record RandomRecords(Path folder, int rows) {
    public static final int LAYERS = 24;
    public static final int HEADS = 32;
    public static final int WIDTH = 2048;
    public static final int QUERY = 30;
    public static final int DEMONSTRATIONS = 30;
    public static final int TOKENS = 50;

    private static final RecordAbout ABOUT =
            new RecordAbout("random", "random", "predict", "unrotated", DEMONSTRATIONS);

    static int contextTokens() {
        return 1 + DEMONSTRATIONS * (TOKENS + 1);
    }

    private Path icl() {
        return folder.resolve("icl.safetensors");
    }

    private Path ft() {
        return folder.resolve("ft.safetensors");
    }

    private Path training() {
        return folder.resolve("training.safetensors");
    }

    /** Opens the records that {@link #write} wrote. */
    public CellRecords open() {
        return CellRecords.open(icl(), ft(), training());
    }

    /** Bytes of the files. */
    public long bytes() {
        return List.of(icl(), ft(), training()).stream()
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    public void write() {
        RecordShape shape = new RecordShape(LAYERS, HEADS, WIDTH, WIDTH, Collections.nCopies(rows, QUERY));
        Map<String, List<Integer>> numbers = new LinkedHashMap<>();
        numbers.put("shape", List.of(LAYERS, HEADS, WIDTH, WIDTH));
        numbers.put("query_lengths", shape.lengths());
        numbers.put("first_columns", columns(1));
        numbers.put("end_columns", columns(1 + TOKENS));
        file(icl(), numbers, tensors(shape, List.of(Setting.ZSL, Setting.ICL)), 1);
        file(ft(), numbers, tensors(shape, List.of(Setting.FT)), 2);
        TrainingRecords records = new TrainingRecords(LAYERS, WIDTH, Collections.nCopies(DEMONSTRATIONS, TOKENS + 1));
        file(
                training(),
                Map.of("shape", List.of(LAYERS, WIDTH), "demonstration_tokens", records.tokens()),
                records.tensors(),
                3);
    }

    private static Map<String, long[]> tensors(RecordShape shape, List<Setting> settings) {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        settings.forEach(setting -> tensors.putAll(shape.tensors(setting, contextTokens())));
        return tensors;
    }

    private static List<Integer> columns(int first) {
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < DEMONSTRATIONS; i++) columns.add(first + i * (TOKENS + 1));
        return columns;
    }

    private static void file(Path file, Map<String, List<Integer>> numbers, Map<String, long[]> tensors, long seed) {
        Random random = new Random(seed);
        float[] some = new float[1 << 16];
        try (RecordWriter writer = RecordWriter.create(file, ABOUT.metadata(numbers), tensors)) {
            tensors.forEach((name, shape) -> {
                long left = 1;
                for (long size : shape) left *= size;
                for (long at = 0; at < left; at += some.length) {
                    int count = (int) Math.min(some.length, left - at);
                    float[] values = count == some.length ? some : new float[count];
                    for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
                    writer.write(name, at, values);
                }
            });
        }
    }
}
