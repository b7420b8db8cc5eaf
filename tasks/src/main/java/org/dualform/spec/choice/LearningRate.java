package org.dualform.spec.choice;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.OptionalDouble;

/**
 * The learning rate of fine-tuning: a number, or the grid from which {@code select} chooses one.
 *
 * @param given the number; empty: one is chosen
 * @param grid where it is chosen from; without meaning where {@code given} is present
 */
public record LearningRate(OptionalDouble given, Grid grid) {

    /** The rate that stands in where none is given and none may be chosen: the middle of the paper's grid. */
    public static final double UNCHOSEN = 0.01;

    /** Candidates for a rate that is chosen. */
    public enum Grid implements Choice {
        /** Eight rates, evenly spaced on a log scale from 1e-4 to 3e-1. */
        AUTO,
        /** The paper's 36: 1 to 9 times 0.1, 0.01, 0.001 and 0.0001. */
        PAPER
    }

    public static LearningRate fixed(double rate) {
        return new LearningRate(OptionalDouble.of(rate), Grid.AUTO);
    }

    public static LearningRate from(Grid grid) {
        return new LearningRate(OptionalDouble.empty(), grid);
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws IllegalArgumentException if it is neither a number nor the name of a grid
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static LearningRate of(JsonNode json) {
        if (json.isNumber()) return fixed(json.doubleValue());
        for (Grid grid : Grid.values()) if (grid.id().equals(json.asText())) return from(grid);
        throw new IllegalArgumentException("no learning rate: " + json);
    }

    /** Whether the rate is chosen from the paper's grid. */
    public boolean paperGrid() {
        return given.isEmpty() && grid == Grid.PAPER;
    }

    /** As a spec writes it: the number, or the grid's name. */
    @JsonValue
    public JsonNode json() {
        return given.isPresent() ? DoubleNode.valueOf(given.getAsDouble()) : TextNode.valueOf(grid.id());
    }
}
