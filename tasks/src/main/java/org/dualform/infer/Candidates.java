package org.dualform.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.prompt.PromptSet;

/**
 * The label words as token ids, and which continuations of a query have to be run to score them all.
 *
 * <p>The likelihood of a label's first token is read after the query itself; of its second, after the query and the first
 * token; and so on. So labels of one token need the query alone, and labels that begin alike share a continuation.
 *
 * @param labels token ids of each label word, in the order of the data set's labels
 * @param continuations what to run behind the query: the fewest ids that serve all labels
 * @param targets where each token of each label is scored: one list a label
 */
public record Candidates(List<List<Integer>> labels, List<List<Integer>> continuations, List<List<Target>> targets) {
    /**
     * @param continuation index of the continuation after which the token is scored
     * @param after number of the continuation's tokens that come before it
     * @param token the token's id
     */
    public record Target(int continuation, int after, int token) {}

    /** The label words of a cell. */
    public static Candidates of(PromptSet prompts) {
        return of(prompts, false);
    }

    /** @param firstWhole whether the first label is run to its last token, which scoring alone does not need */
    static Candidates of(PromptSet prompts, boolean firstWhole) {
        return of(
                prompts.labels().stream()
                        .map(label ->
                                Arrays.stream(label.ids().toArray()).boxed().toList())
                        .toList(),
                firstWhole);
    }

    /** The first continuation that has all tokens of a label. */
    int holding(int label) {
        return first(continuations, labels.get(label));
    }

    static Candidates of(List<List<Integer>> labels) {
        return of(labels, false);
    }

    private static Candidates of(List<List<Integer>> labels, boolean firstWhole) {
        if (labels.isEmpty() || labels.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("every label needs a token: " + labels);
        }
        List<List<Integer>> heads = Stream.concat(
                        labels.stream().map(label -> List.copyOf(label.subList(0, label.size() - 1))),
                        firstWhole ? Stream.of(List.copyOf(labels.get(0))) : Stream.empty())
                .distinct()
                .toList();
        List<List<Integer>> continuations = heads.stream()
                .filter(head ->
                        heads.stream().noneMatch(other -> other.size() > head.size() && startsWith(other, head)))
                .toList();
        var targets = new ArrayList<List<Target>>();
        for (List<Integer> label : labels) {
            var tokens = new ArrayList<Target>();
            for (int i = 0; i < label.size(); i++) {
                tokens.add(new Target(first(continuations, label.subList(0, i)), i, label.get(i)));
            }
            targets.add(List.copyOf(tokens));
        }
        return new Candidates(labels.stream().map(List::copyOf).toList(), continuations, List.copyOf(targets));
    }

    private static int first(List<List<Integer>> continuations, List<Integer> start) {
        for (int i = 0; i < continuations.size(); i++) {
            if (startsWith(continuations.get(i), start)) {
                return i;
            }
        }
        throw new IllegalStateException("no continuation of " + continuations + " starts with " + start);
    }

    private static boolean startsWith(List<Integer> list, List<Integer> start) {
        return list.size() >= start.size() && list.subList(0, start.size()).equals(start);
    }
}
