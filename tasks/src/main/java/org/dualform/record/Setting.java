package org.dualform.record;

/** Under which conditions a row was recorded. */
public enum Setting {
    /** Zero-shot. */
    ZSL("zsl"),
    /** Behind the demonstrations. */
    ICL("icl"),
    /** Behind the same demonstrations in another order. */
    REORDERED("reordered"),
    /** Zero-shot, after fine-tuning on the demonstrations. */
    FT("ft");

    private final String id;

    Setting(String id) {
        this.id = id;
    }

    /** Attention's output after the output projection: (rows, layers, width). */
    public String attentionOutput() {
        return id + ".attn_out";
    }

    /** Scores over the query, before the softmax: for each row (layers, heads, its length), one behind the other. */
    public String queryScores() {
        return id + ".query_scores";
    }

    /** Scores over the context, summed over heads: (first rows, layers, context tokens). */
    public String contextScores() {
        return id + ".context_scores";
    }

    /** Query vectors, all heads, scaled as the scores are: (first rows, layers, query width). */
    public String queries() {
        return id + ".queries";
    }

    /** Whether it has a context of demonstrations, so that the scores over it are recorded. */
    public boolean hasContext() {
        return this == ICL || this == REORDERED;
    }
}
