package org.dualform.finetune.train;

import java.util.List;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;

/**
 * A demonstration as a sequence to train on.
 *
 * @param ids the token ids, from BOS to the last of the label
 * @param lossFrom the position of the first token that counts in the loss; at least 1, since BOS is not predicted
 */
public record Sequence(TokenIds ids, int lossFrom) {
    public Sequence {
        if (lossFrom < 1 || lossFrom >= ids.length()) {
            throw new IllegalArgumentException("no loss from position " + lossFrom + " of " + ids.length() + " tokens");
        }
    }

    /** The sequences of all demonstrations, where only the labels' tokens count in the loss. */
    public static List<Sequence> ofLabels(PromptSet prompts) {
        return prompts.demonstrations().stream()
                .map(d -> new Sequence(
                        d.tuning(),
                        d.tuning().length()
                                - prompts.labels().get(d.label()).ids().length()))
                .toList();
    }

    /** The sequences of all demonstrations, in order. */
    public static List<Sequence> of(PromptSet prompts) {
        return prompts.demonstrations().stream()
                .map(d -> new Sequence(d.tuning(), d.lossFrom()))
                .toList();
    }
}
