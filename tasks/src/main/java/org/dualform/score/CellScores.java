package org.dualform.score;

import java.util.List;

/** A scored cell: its rows, one a requested shot count, and its examples, one a shot count and evaluation row. */
public record CellScores(List<Row> rows, List<ExampleLine> examples) {}
