package org.dualform.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Everything a cell's model sees, as token ids: one context that serves every shot count, the queries, the label words
 * and the fine-tuning sequences. Candidate j of query i at k demonstrations is {@code context.cut(boundaries[k])}, then
 * the query, then label j.
 *
 * @param template the template that made it
 * @param bos token that begins every sequence
 * @param eos token that ends every demonstration
 * @param positions positions of the model's context
 * @param reserveTokens positions kept free beyond the longest query
 * @param maxQueryTokens tokens of BOS, the longest query and the longest label, over the rows evaluated
 * @param labels in the data set's order
 * @param context BOS, the description if any, and all demonstrations that fit, each ended by EOS
 * @param boundaries entry k is the number of tokens of the context that holds k demonstrations
 * @param shots what became of every requested count, ascending
 * @param demonstrations those that fit, in the context's order
 * @param queries the rows evaluated
 * @param contentFree inputs that say nothing, as far as they fit behind the context: what a label gets by itself
 * @param warnings for people
 */
public record PromptSet(
        TemplateUse template,
        int bos,
        int eos,
        int positions,
        int reserveTokens,
        int maxQueryTokens,
        List<Label> labels,
        TokenIds context,
        List<Integer> boundaries,
        List<ShotCount> shots,
        List<Demonstration> demonstrations,
        List<Query> queries,
        List<Query> contentFree,
        List<String> warnings) {
    /** Content-free inputs (Zhao et al. 2021). */
    public static final List<String> CONTENT_FREE = List.of("N/A", "", "[MASK]");

    public PromptSet {
        labels = List.copyOf(labels);
        boundaries = List.copyOf(boundaries);
        shots = List.copyOf(shots);
        demonstrations = List.copyOf(demonstrations);
        queries = List.copyOf(queries);
        contentFree = List.copyOf(contentFree);
        warnings = List.copyOf(warnings);
    }

    /** Without content-free inputs. */
    public PromptSet(
            TemplateUse template,
            int bos,
            int eos,
            int positions,
            int reserveTokens,
            int maxQueryTokens,
            List<Label> labels,
            TokenIds context,
            List<Integer> boundaries,
            List<ShotCount> shots,
            List<Demonstration> demonstrations,
            List<Query> queries,
            List<String> warnings) {
        this(
                template,
                bos,
                eos,
                positions,
                reserveTokens,
                maxQueryTokens,
                labels,
                context,
                boundaries,
                shots,
                demonstrations,
                queries,
                List.of(),
                warnings);
    }

    /** Which template made the sequences. */
    public record TemplateUse(String name, int version, String sha256, boolean description) {}

    /** A label, the word that stands for it, and the word's ids; no two labels have equal ids. */
    public record Label(String name, String word, TokenIds ids) {}

    /** A requested number of demonstrations, how many of them fit, and the tokens of their context. */
    public record ShotCount(int requested, int trueShots, int contextTokens) {}

    /**
     * A demonstration.
     *
     * @param row id of its row
     * @param text its input
     * @param label index of the label it shows
     * @param gold index of its right label; another one where a control changes labels
     * @param tuning its fine-tuning sequence: BOS, the description if any, input and label, no EOS
     * @param lossFrom position in {@code tuning} of the first token that the loss counts: after BOS and the description
     */
    public record Demonstration(String row, String text, int label, int gold, TokenIds tuning, int lossFrom) {
        /** One that shows its right label. */
        public Demonstration(String row, String text, int label, TokenIds tuning, int lossFrom) {
            this(row, text, label, label, tuning, lossFrom);
        }
    }

    /** A row that is evaluated: its input, without BOS and label. */
    public record Query(String row, String text, int gold, TokenIds ids) {}

    /** The context of the first {@code demonstrations}. */
    public TokenIds context(int demonstrations) {
        return context.cut(boundaries.get(demonstrations));
    }

    /** Share of the first {@code demonstrations}, at least one, that show another label than their right one. */
    public double changedLabels(int demonstrations) {
        long changed = this.demonstrations.stream()
                .limit(demonstrations)
                .filter(d -> d.label() != d.gold())
                .count();
        return changed / (double) demonstrations;
    }

    /** Columns of BOS and the description: where the first demonstration begins. */
    public int openingTokens() {
        return boundaries.get(0);
    }

    /**
     * The same demonstrations in another order, for the largest count and the first queries alone.
     *
     * @param order entry i says which of these demonstrations stands at place i
     * @param limit at most this many queries
     */
    public PromptSet reordered(List<Integer> order, int limit) {
        TokenIds joined = context.cut(openingTokens());
        List<Integer> ends = new ArrayList<>(List.of(joined.length()));
        for (int i : order) {
            int[] ids = Arrays.copyOfRange(context.toArray(), boundaries.get(i), boundaries.get(i + 1));
            joined = joined.then(TokenIds.of(ids));
            ends.add(joined.length());
        }
        return new PromptSet(
                template,
                bos,
                eos,
                positions,
                reserveTokens,
                maxQueryTokens,
                labels,
                joined,
                ends,
                List.of(new ShotCount(order.size(), order.size(), joined.length())),
                order.stream().map(demonstrations::get).toList(),
                queries.subList(0, Math.min(limit, queries.size())),
                List.of());
    }

    /** First column of demonstration i in the context. */
    public int firstColumn(int demonstration) {
        return boundaries.get(demonstration);
    }

    /** Column after the last of demonstration i, its EOS left out. */
    public int endColumn(int demonstration) {
        return boundaries.get(demonstration + 1) - 1;
    }

    /** The numbers of demonstrations to compute, ascending and distinct: several requests may share one. */
    public List<Integer> distinctTrueShots() {
        return shots.stream().map(ShotCount::trueShots).distinct().sorted().toList();
    }

    /** UTF-8 JSON with snake_case names. */
    public byte[] toJson() {
        return PromptFile.write(this);
    }

    /** Reads what {@link #toJson} wrote. */
    public static PromptSet fromJson(byte[] json) {
        return PromptFile.read(json);
    }
}
