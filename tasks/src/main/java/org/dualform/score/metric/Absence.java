package org.dualform.score.metric;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * Why something has no value. A metric that needs several methods has one absence for each method that is not there.
 * {@code report} makes the sentences; nothing is decided by them.
 *
 * <p>In files each is an object whose {@code why} says which it is: {@code {"why": "diverged", "method": "ft", "step": 3}}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "why")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Absence.NotMeasured.class, name = "not_measured"),
    @JsonSubTypes.Type(value = Absence.Missing.class, name = "missing"),
    @JsonSubTypes.Type(value = Absence.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Absence.Diverged.class, name = "diverged"),
    @JsonSubTypes.Type(value = Absence.EmptyDenominator.class, name = "empty_denominator"),
    @JsonSubTypes.Type(value = Absence.Incomparable.class, name = "incomparable"),
    @JsonSubTypes.Type(value = Absence.NotFinite.class, name = "not_finite"),
    @JsonSubTypes.Type(value = Absence.Stated.class, name = "stated")
})
public sealed interface Absence {
    /** Nobody asked for it. */
    record NotMeasured() implements Absence {}

    /** A method was asked for and gave nothing, because its task failed or never ran. */
    record Missing(ScoredMethod method) implements Absence {}

    /** All tasks of the cell gave nothing. {@code message} is what the failed task said, in its own words. */
    record Failed(String message) implements Absence {}

    /** Training diverged at {@code step}, counted from 1. */
    record Diverged(ScoredMethod method, int step) implements Absence {}

    /** There is nothing to divide by. */
    record EmptyDenominator(Denominator of) implements Absence {}

    /** A similarity is undefined in every layer. */
    record Incomparable(Cause cause) implements Absence {}

    /** The measured number is NaN or infinite. */
    record NotFinite() implements Absence {}

    /** A sentence from a file of a version that wrote no types. It is shown as it is. */
    record Stated(String sentence) implements Absence {}

    /** What was counted and came to zero. */
    enum Denominator {
        @JsonProperty("examples")
        EXAMPLES,
        /** Zero-shot errors that fine-tuning fixes. */
        @JsonProperty("errors_fixed_by_ft")
        ERRORS_FIXED_BY_FT,
        @JsonProperty("zero_shot_errors")
        ZERO_SHOT_ERRORS,
        /** Rows that at least one of the two methods gets wrong. */
        @JsonProperty("errors_of_either")
        ERRORS_OF_EITHER,
        /** Rows whose next tokens were kept. */
        @JsonProperty("next_tokens")
        NEXT_TOKENS,
        /** Rows in which both methods have finite scores. */
        @JsonProperty("finite_scores")
        FINITE_SCORES,
        /** Rows in which the similarity is defined. */
        @JsonProperty("defined_rows")
        DEFINED_ROWS
    }

    /** Why two things cannot be compared in any layer. */
    enum Cause {
        /** One of them is zero or has no order. */
        @JsonProperty("nothing_to_compare")
        NOTHING_TO_COMPARE,
        /** There are no more tokens or demonstrations than the top that is counted, so every recall would be 1. */
        @JsonProperty("no_more_than_the_top")
        NO_MORE_THAN_THE_TOP
    }

    /** Whether something that was asked for is not there, which is said once for the cell and not for each number. */
    static boolean isShortfall(List<Absence> absences) {
        return absences.stream().anyMatch(absence -> absence.isMissing() || absence instanceof Diverged);
    }

    /** Whether a task failed or never ran. */
    @JsonIgnore
    default boolean isMissing() {
        return this instanceof Missing || this instanceof Failed;
    }
}
