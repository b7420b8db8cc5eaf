package org.dualform.score.metric;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * What to bear in mind about a value that is there. {@code report} makes the sentences.
 *
 * <p>In files each is an object whose {@code what} says which it is: {@code {"what": "too_few", "n": 8}}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "what")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Caution.TooFew.class, name = "too_few"),
    @JsonSubTypes.Type(value = Caution.NoInterval.class, name = "no_interval"),
    @JsonSubTypes.Type(value = Caution.GivenSeeds.class, name = "given_seeds"),
    @JsonSubTypes.Type(value = Caution.SeedsMissing.class, name = "seeds_missing"),
    @JsonSubTypes.Type(value = Caution.UndefinedAnswers.class, name = "undefined_answers"),
    @JsonSubTypes.Type(value = Caution.UndefinedLayers.class, name = "undefined_layers"),
    @JsonSubTypes.Type(value = Caution.UndefinedRows.class, name = "undefined_rows"),
    @JsonSubTypes.Type(value = Caution.Stated.class, name = "stated")
})
public sealed interface Caution {
    /** The value rests on very few cases. */
    record TooFew(int n) implements Caution {}

    /** There are too few cases for an interval. */
    record NoInterval() implements Caution {}

    /** The interval holds for these seeds: there are too few to say anything of others. */
    record GivenSeeds(int seeds) implements Caution {}

    /** So many of the seeds have no value, and why. */
    record SeedsMissing(int seeds, List<Absence> why) implements Caution {
        public SeedsMissing {
            why = List.copyOf(why);
        }
    }

    /** So many of a method's answers are none, because a score was not finite. They count as wrong. */
    record UndefinedAnswers(ScoredMethod method, int undefined, int of) implements Caution {}

    /** In these layers, counted from 0, the similarity is undefined in every row, because nothing changes there. */
    record UndefinedLayers(List<Integer> layers) implements Caution {
        public UndefinedLayers {
            layers = List.copyOf(layers);
        }
    }

    /** In so many of the rows the similarity is undefined in every layer. */
    record UndefinedRows(int undefined, int of) implements Caution {}

    /** A sentence from a file of a version that wrote no types. It is shown as it is. */
    record Stated(String sentence) implements Caution {}

    /** Whether a part of what the value is made of is undefined. */
    @JsonIgnore
    default boolean isPartlyUndefined() {
        return this instanceof UndefinedAnswers || this instanceof UndefinedLayers || this instanceof UndefinedRows;
    }
}
