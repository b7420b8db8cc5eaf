package org.dualform.infer;

import org.dualform.prompt.PromptSet;

/**
 * Which token of a query with its candidate is recorded.
 *
 * @param official whether the last of the first candidate, as the paper's code; else the last of the input
 * @param rotated whether query vectors are taken after rotary positions
 * @param continuation behind which the query runs where it is recorded
 * @param labelTokens tokens of the first candidate that come before or at the recorded token
 */
public record RecordedToken(boolean official, boolean rotated, int continuation, int labelTokens) {
    public static RecordedToken of(PromptSet prompts, boolean official, boolean rotated) {
        Candidates candidates = Candidates.of(prompts, official);
        return new RecordedToken(
                official,
                rotated,
                official ? candidates.holding(0) : 0,
                official ? prompts.labels().get(0).ids().length() : 0);
    }

    /** Length of what is recorded of a query: its tokens up to and with the recorded one. */
    public int length(PromptSet.Query query) {
        return query.ids().length() + labelTokens;
    }
}
