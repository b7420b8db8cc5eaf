package org.dualform.score;

import java.util.List;
import java.util.Map;

/** Over the seeds and orders of one model, data set and arm at one shot count: a summary row of {@code results.json}. */
public record SummaryRow(
        String model, String dataset, String arm, int shots, List<Integer> seeds, Map<String, Metric> metrics) {}
