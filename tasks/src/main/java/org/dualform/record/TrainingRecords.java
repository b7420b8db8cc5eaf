package org.dualform.record;

import java.util.List;
import java.util.Map;

/**
 * The query vectors of all tokens of each demonstration at the time it was trained on. The demonstrations follow each other,
 * each as (layers, its tokens, query width). The vectors are scaled as the attention scores are.
 *
 * @param layers number of the model's layers
 * @param queryWidth number of heads times the width of one
 * @param tokens number of tokens of each demonstration, BOS included
 */
public record TrainingRecords(int layers, int queryWidth, List<Integer> tokens) {
    public static final String QUERIES = "demonstrations.queries";

    public TrainingRecords {
        tokens = List.copyOf(tokens);
    }

    /** The sizes that a file of training records gives in its metadata, checked against its tensor. */
    public static TrainingRecords of(RecordReader file) {
        List<Integer> sizes = file.numbers("shape", 2);
        TrainingRecords records = new TrainingRecords(sizes.get(0), sizes.get(1), file.numbers("demonstration_tokens"));
        file.require(records.tensors());
        return records;
    }

    /** The shapes of the file's tensors by name. */
    public Map<String, long[]> tensors() {
        return Map.of(QUERIES, new long[] {begin(tokens.size(), 0)});
    }

    /** The place of the first number of a demonstration's layer. */
    public long begin(int demonstration, int layer) {
        long before = 0;
        for (int t : tokens.subList(0, demonstration)) before += t;
        long first = before * layers * queryWidth;
        return demonstration == tokens.size() ? first : first + (long) layer * tokens.get(demonstration) * queryWidth;
    }

    /** The query vectors of a demonstration in a layer: (tokens, query width). */
    public float[] queries(RecordReader file, int demonstration, int layer) {
        float[] values = new float[tokens.get(demonstration) * queryWidth];
        file.read(QUERIES, begin(demonstration, layer), values, values.length);
        return values;
    }
}
