package org.dualform.theory.result;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * A measure in one part of one layer, over the queries.
 *
 * @param layer from 0; the number of layers for what is measured at the model's output
 * @param part {@code head 3}, {@code key/value head 1}, {@code gate}, {@code up}, {@code down}, or empty for the layer
 * @param n how many values there are: queries, mostly
 */
@JsonNaming(SnakeCaseStrategy.class)
public record LayerRow(
        int layer, String part, Measure measure, Floor floor, int n, double mean, double least, double most) {}
