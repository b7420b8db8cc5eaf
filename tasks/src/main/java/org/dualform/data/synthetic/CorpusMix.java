package org.dualform.data.synthetic;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What the corpus is mixed of; shares by the progress of the training.
 *
 * @param copying share of copying documents
 * @param binding of the rest, share of documents in which every word has a label of its own
 * @param text of the rest, share of ordinary text; what then remains is episodes
 * @param labels how an episode's labels are chosen
 * @param attributes what an episode classifies by
 * @param mini share of episodes whose sentences are only the deciding word
 * @param fewNouns share of episodes with 2, 3 or 5 words a category
 * @param textWeight loss weight of tokens that are neither labels nor second copies
 */
public record CorpusMix(
        Ramp copying,
        Ramp binding,
        double text,
        LabelShares labels,
        AttributeShares attributes,
        Ramp mini,
        @JsonProperty("few_nouns") Ramp fewNouns,
        @JsonProperty("text_weight") double textWeight) {

    /**
     * @param arbitrary any label word for each category
     * @param anyWord any word at all for each category, but for held-out labels and function words
     * @param canonical the category's own name
     * @param flipped the categories' names, each at another category
     * @param mixed for each category its name or any label word, by a coin
     */
    public record LabelShares(
            double arbitrary,
            @JsonProperty("any_word") double anyWord,
            double canonical,
            double flipped,
            double mixed) {}

    /** Shares of episodes by what decides the label. */
    public record AttributeShares(double topic, double sentiment, double time) {}
}
