package org.dualform.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.prompt.PromptSet;

/**
 * The label words as token ids, and the continuations of a query that must be run to score them all.
 *
 * <p>The likelihood of a label's first token is read after the query itself, that of its second token after the query
 * and the first token, and so on. Labels of one token therefore need the query alone, and labels with a common
 * beginning share a continuation.
 *
 * @param labels the token ids of each label word, in the order of the data set's labels
 * @param continuations what to run after the query: the fewest sequences that serve all labels
 * @param targets for each label, where each of its tokens is scored
 */
public record Candidates(List<List<Integer>> labels, List<List<Integer>> continuations, List<List<Target>> targets) {
    /**
     * Where a token is scored.
     *
     * @param continuation the index of the continuation
     * @param after the number of the continuation's tokens before the scored one
     * @param token the id of the scored token
     */
    public record Target(int continuation, int after, int token) {}

    /** The label words of a cell. */
    public static Candidates of(PromptSet prompts) {
        return of(prompts, false);
    }

    /**
     * @param firstWhole whether the first label is run to its last token, which recording may need and scoring does not
     */
    static Candidates of(PromptSet prompts, boolean firstWhole) {
        return of(
                prompts.labels().stream()
                        .map(label ->
                                Arrays.stream(label.ids().toArray()).boxed().toList())
                        .toList(),
                firstWhole);
    }

    /** The first continuation that contains all tokens of a label. */
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
