package org.dualform.record;

import java.util.List;
import java.util.Map;

/**
 * Query vectors of every demonstration's tokens when it was trained on: for each demonstration (layers, its tokens, query
 * width), one behind the other; scaled as the scores are.
 *
 * @param layers of the model
 * @param queryWidth heads times their dimension
 * @param tokens of each demonstration, with BOS
 */
public record TrainingRecords(int layers, int queryWidth, List<Integer> tokens) {
    public static final String QUERIES = "demonstrations.queries";

    public TrainingRecords {
        tokens = List.copyOf(tokens);
    }

    public Map<String, long[]> tensors() {
        return Map.of(QUERIES, new long[] {begin(tokens.size(), 0)});
    }

    /** First number of a demonstration's layer. */
    public long begin(int demonstration, int layer) {
        long before = 0;
        for (int t : tokens.subList(0, demonstration)) before += t;
        long first = before * layers * queryWidth;
        return demonstration == tokens.size() ? first : first + (long) layer * tokens.get(demonstration) * queryWidth;
    }

    /** (tokens, query width) of a demonstration in a layer. */
    public float[] queries(RecordReader file, int demonstration, int layer) {
        float[] values = new float[tokens.get(demonstration) * queryWidth];
        file.read(QUERIES, begin(demonstration, layer), values, values.length);
        return values;
    }
}
