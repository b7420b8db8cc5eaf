package org.dualform.score.result;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.dualform.score.metric.ScoredMethod;
import org.jspecify.annotations.Nullable;

/**
 * The claim about a model on a data set, made once.
 *
 * @param shots at which it is made; null when no count has values of both methods
 * @param chosenBy how {@code shots} was chosen
 * @param chosenMethod more accurate on the selection rows; null without them
 * @param verdict what the interval of {@code icl_minus_ft} allows to say
 * @param pAdjusted its p value after Holm over all answers of the study; null where there is none
 * @param comparisons answers with a p value in the study
 * @param detectable the smallest difference that a study of this precision would find in four of five repetitions
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Answer(
        String model,
        String dataset,
        @Nullable Integer shots,
        String chosenBy,
        @Nullable ScoredMethod chosenMethod,
        Verdict verdict,
        @Nullable Double pAdjusted,
        int comparisons,
        @Nullable Double detectable) {
    /** On training rows that are never demonstrations. */
    public static final String SELECTION = "selection";
    /** Without selection rows: the largest count, which no result had a part in choosing. */
    public static final String LARGEST = "largest";
}
