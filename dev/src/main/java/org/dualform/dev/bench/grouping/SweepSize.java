package org.dualform.dev.bench.grouping;

/**
 * The sweep that is measured in each grouping.
 *
 * @param cells the number of cells; each is a seed of one data set
 * @param model the model's name or folder
 * @param dataset the data set's name or folder
 */
public record SweepSize(int cells, String model, String dataset) {}
