package org.dualform.prompt;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the model of a cell sees, as token ids: one context that serves every shot count, the queries, the
 * label words and the fine-tuning sequences. Candidate j of query i at k demonstrations is {@code
 * context.cut(boundaries[k])}, then the query, then label j.
 *
 * @param template the template that made it
 * @param bos the token that begins every sequence
 * @param eos the token that ends every demonstration
 * @param positions the length of the model's context
 * @param reserveTokens positions that are kept free beyond the longest query
 * @param maxQueryTokens the number of tokens of BOS, the longest query and the longest label, over the evaluated rows
 * @param labels the labels in the data set's order
 * @param context BOS, the description if there is one, and all demonstrations that fit, each followed by EOS
 * @param boundaries entry k is the number of tokens of the context that holds k demonstrations
 * @param shots what became of every requested count, ascending
 * @param demonstrations the demonstrations that fit, in the context's order
 * @param queries the rows to evaluate
 * @param contentFree inputs without content, as far as they fit after the context; they show what each label gets by
 *     itself
 * @param warnings messages for people
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
    /** Inputs without content, for calibration (Zhao et al. 2021, arXiv:2102.09690). */
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

    /** A set without content-free inputs. */
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

    /** The template that made the sequences. */
    public record TemplateUse(String name, int version, String sha256, boolean description) {}

    /** A label with the word that stands for it and the word's ids. No two labels have equal ids. */
    public record Label(String name, String word, TokenIds ids) {}

    /** A requested number of demonstrations, the number of them that fit, and the number of tokens of their context. */
    public record ShotCount(int requested, int trueShots, int contextTokens) {}

    /**
     * A demonstration.
     *
     * @param row the id of its row
     * @param text its input
     * @param label the index of the label it shows
     * @param gold the index of its right label, which differs where a control changes labels
     * @param tuning its fine-tuning sequence: BOS, the description if there is one, input and label, without EOS
     * @param lossFrom the position in {@code tuning} of the first token that counts in the loss: after BOS and the
     *     description
     * @param ending the number of its tokens in the context that follow its label word; null for one, an EOS
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Demonstration(
            String row,
            String text,
            int label,
            int gold,
            TokenIds tuning,
            int lossFrom,
            @Nullable Integer ending) {
        /** A demonstration that EOS ends. */
        public Demonstration(String row, String text, int label, int gold, TokenIds tuning, int lossFrom) {
            this(row, text, label, gold, tuning, lossFrom, null);
        }

        /** A demonstration that shows its right label. */
        public Demonstration(String row, String text, int label, TokenIds tuning, int lossFrom) {
            this(row, text, label, label, tuning, lossFrom);
        }
    }

    /** A row to evaluate: its input, without BOS and label. */
    public record Query(String row, String text, int gold, TokenIds ids) {}

    /** The context of the first {@code demonstrations}. */
    public TokenIds context(int demonstrations) {
        return context.cut(boundaries.get(demonstrations));
    }

    /** The share of the first {@code demonstrations}, at least one, that show another label than their right one. */
    public double changedLabels(int demonstrations) {
        long changed = this.demonstrations.stream()
                .limit(demonstrations)
                .filter(d -> d.label() != d.gold())
                .count();
        return changed / (double) demonstrations;
    }

    /** The number of tokens of BOS and the description. The first demonstration begins after them. */
    public int openingTokens() {
        return boundaries.get(0);
    }

    /**
     * The same demonstrations in another order, for the largest shot count and the first queries only.
     *
     * @param order entry i is the demonstration that stands at place i
     * @param limit the largest number of queries
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

    /** The first column of demonstration i in the context. */
    public int firstColumn(int demonstration) {
        return boundaries.get(demonstration);
    }

    /** The column after the last one of demonstration i, where its EOS, or what ends its turn, does not count. */
    public int endColumn(int demonstration) {
        Integer ending = demonstrations.get(demonstration).ending();
        return boundaries.get(demonstration + 1) - (ending == null ? 1 : ending);
    }

    /** The numbers of demonstrations to compute, ascending and each once. Several requested counts may share one. */
    public List<Integer> distinctTrueShots() {
        return shots.stream().map(ShotCount::trueShots).distinct().sorted().toList();
    }

    /** This set as UTF-8 JSON with snake_case names. */
    public byte[] toJson() {
        return PromptFile.write(this);
    }

    /** Reads what {@link #toJson} wrote. */
    public static PromptSet fromJson(byte[] json) {
        return PromptFile.read(json);
    }
}
