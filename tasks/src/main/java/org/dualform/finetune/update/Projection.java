package org.dualform.finetune.update;

/** The two projections of an attention layer that are fine-tuned. */
public enum Projection {
    KEY("k"),
    VALUE("v");

    private final String symbol;

    Projection(String symbol) {
        this.symbol = symbol;
    }

    /** Its letter in names of tensors, such as {@code weight_update.k}. */
    public String symbol() {
        return symbol;
    }
}
