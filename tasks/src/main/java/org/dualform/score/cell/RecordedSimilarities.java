package org.dualform.score.cell;

import org.dualform.score.similarity.SimilarityTable;

/** Similarities of a cell and the true shot count that they were recorded at. */
public record RecordedSimilarities(int shots, SimilarityTable table) {}
