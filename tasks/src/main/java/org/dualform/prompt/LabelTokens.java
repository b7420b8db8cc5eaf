package org.dualform.prompt;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualform.base.Counted;

/**
 * What readers of results have to know of how a tokenizer splits the label words. A word's score is the mean
 * log-likelihood of its tokens, each after those before it, so all of this is measured right. But the later tokens of a
 * word are nearly certain once its first stands, which favours longer words.
 */
public final class LabelTokens {
    private LabelTokens() {}

    /** Sentences about words of several tokens, and about words with a common first token. */
    public static List<String> warnings(List<PromptSet.Label> labels) {
        return Stream.concat(several(labels).stream(), shared(labels).stream()).toList();
    }

    private static List<String> several(List<PromptSet.Label> labels) {
        String named = labels.stream()
                .filter(label -> label.ids().length() > 1)
                .map(label -> "'" + label.word() + "' (" + label.ids().length() + ")")
                .collect(Collectors.joining(", "));
        if (named.isEmpty()) return List.of();
        return List.of("Label words of several tokens: " + named + ". They are measured right, by the mean"
                + " log-likelihood of their tokens, which favours longer words; the arm calibrated shows by how much.");
    }

    private static List<String> shared(List<PromptSet.Label> labels) {
        Map<Integer, List<PromptSet.Label>> byFirst = labels.stream()
                .collect(Collectors.groupingBy(label -> label.ids().at(0), TreeMap::new, Collectors.toList()));
        return byFirst.values().stream()
                .filter(same -> same.size() > 1)
                .map(same -> Counted.of(same.size(), "label word") + " begin with the same token: "
                        + same.stream().map(label -> "'" + label.word() + "'").collect(Collectors.joining(", "))
                        + ". This is measured right, but only later tokens tell them apart.")
                .toList();
    }
}
