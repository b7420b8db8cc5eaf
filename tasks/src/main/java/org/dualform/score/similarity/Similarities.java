package org.dualform.score.similarity;

import java.util.Set;

/** All similarities of a cell, from its records. */
public final class Similarities {
    private Similarities() {}

    /** @param baselines which to measure beside them */
    public static SimilarityTable measure(CellRecords records, Set<Baseline> baselines) {
        SimilarityTable table = new SimilarityTable(records.shape().layers());
        new AttentionOutputs(records, baselines, table).measure();
        new AttentionMaps(records, baselines, table).measure();
        new TrainingTokens(records, baselines, table).measure();
        return table;
    }
}
