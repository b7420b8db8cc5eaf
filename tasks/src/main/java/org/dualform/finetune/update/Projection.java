package org.dualform.finetune.update;

/** The two projections of an attention layer that are fine-tuned. */
public enum Projection {
    KEY("k"),
    VALUE("v");

    private final String symbol;

    Projection(String symbol) {
        this.symbol = symbol;
    }

    /** As it appears in names of tensors: {@code weight_update.k}. */
    public String symbol() {
        return symbol;
    }
}
