package org.dualform.record;

/** The conditions under which a row was recorded. */
public enum Setting {
    /** Zero-shot: the query alone. */
    ZSL("zsl"),
    /** In context: the query after the demonstrations. */
    ICL("icl"),
    /** In context, with the same demonstrations in another order. */
    REORDERED("reordered"),
    /** Zero-shot, after fine-tuning on the demonstrations. */
    FT("ft");

    private final String id;

    Setting(String id) {
        this.id = id;
    }

    /** The tensor of attention outputs, after the output projection: (rows, layers, width). */
    public String attentionOutput() {
        return id + ".attn_out";
    }

    /**
     * The tensor of scores over the query, before the softmax. The rows follow each other, each as (layers, heads, its
     * length).
     */
    public String queryScores() {
        return id + ".query_scores";
    }

    /** The tensor of scores over the context, summed over heads: (first rows, layers, context tokens). */
    public String contextScores() {
        return id + ".context_scores";
    }

    /** The tensor of query vectors of all heads, scaled as the scores are: (first rows, layers, query width). */
    public String queries() {
        return id + ".queries";
    }

    /** Whether there is a context of demonstrations, whose scores are recorded. */
    public boolean hasContext() {
        return this == ICL || this == REORDERED;
    }
}
