package org.dualform.infer;

import org.dualform.prompt.PromptSet;

/**
 * The token that is recorded of a query with its candidate.
 *
 * @param official whether it is the last token of the first candidate, as in the code of Dai et al. 2022
 *     (arXiv:2212.10559), or the last token of the input
 * @param rotated whether query vectors are taken after rotary positions
 * @param continuation the index of the continuation that is run after the query where it is recorded
 * @param labelTokens the number of tokens of the first candidate up to the recorded one
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

    /** The length of what is recorded of a query: the number of its tokens up to the recorded one. */
    public int length(PromptSet.Query query) {
        return query.ids().length() + labelTokens;
    }
}
