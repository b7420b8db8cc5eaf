package org.dualform.data.synthetic;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The mixture of the corpus. Shares may change with the progress of the training.
 *
 * @param copying the share of copying documents
 * @param binding of the rest, the share of documents in which every word has its own label
 * @param text of the rest, the share of ordinary text; what remains are episodes
 * @param labels how the labels of an episode are chosen
 * @param attributes what an episode classifies by
 * @param mini the share of episodes whose sentences consist of the deciding word alone
 * @param fewNouns the share of episodes with 2, 3 or 5 words in each category
 * @param textWeight the loss weight of tokens that are neither labels nor second copies
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
     * Shares of episodes by their labels.
     *
     * @param arbitrary any label word for each category
     * @param anyWord any word at all for each category, except held-out labels and function words
     * @param canonical the category's own name
     * @param flipped the categories' names, each for another category
     * @param mixed for each category its name or any label word, with equal chances
     */
    public record LabelShares(
            double arbitrary,
            @JsonProperty("any_word") double anyWord,
            double canonical,
            double flipped,
            double mixed) {}

    /** Shares of episodes by the property that decides the label. */
    public record AttributeShares(double topic, double sentiment, double time) {}
}
