package org.dualform.dev.bench.grouping;

import java.util.List;

/**
 * The sweep that is measured in each grouping.
 *
 * @param cells the number of cells; each is a seed of one data set
 * @param model the model's name or folder
 * @param dataset the data set's name or folder
 * @param groupings those in which it is measured
 */
public record SweepSize(int cells, String model, String dataset, List<String> groupings) {
    public SweepSize {
        groupings = List.copyOf(groupings);
    }
}
