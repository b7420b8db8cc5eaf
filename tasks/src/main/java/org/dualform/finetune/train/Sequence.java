package org.dualform.finetune.train;

import java.util.List;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;

/**
 * A demonstration as it is trained on.
 *
 * @param ids token ids, from BOS to the label's last
 * @param lossFrom position of the first token that the loss counts; at least 1, since BOS is not predicted
 */
public record Sequence(TokenIds ids, int lossFrom) {
    public Sequence {
        if (lossFrom < 1 || lossFrom >= ids.length()) {
            throw new IllegalArgumentException("no loss from position " + lossFrom + " of " + ids.length() + " tokens");
        }
    }

    /** The same, with a loss on the labels' tokens only. */
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
