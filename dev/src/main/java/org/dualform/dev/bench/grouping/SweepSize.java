package org.dualform.dev.bench.grouping;

import java.util.List;
import java.util.Map;

/**
 * The sweep that is measured in each grouping.
 *
 * @param cells the number of cells; each is a seed of one data set
 * @param model the model's name or folder
 * @param dataset the data set's name or folder
 * @param groupings those in which it is measured
 * @param conf further fields of the form
 */
public record SweepSize(int cells, String model, String dataset, List<String> groupings, Map<String, String> conf) {
    public SweepSize {
        conf = Map.copyOf(conf);
        groupings = List.copyOf(groupings);
    }
}
