package org.dualform.report.panel;

/** The three ways to use a model, as they are named everywhere. */
public enum Curve {
    ZSL("zsl.accuracy", "ZSL", "zero-shot"),
    ICL("icl.accuracy", "ICL", "prompting"),
    FT("ft.accuracy", "FT", "fine-tuning");

    private final String metric;
    private final String shortName;
    private final String plainName;

    Curve(String metric, String shortName, String plainName) {
        this.metric = metric;
        this.shortName = shortName;
        this.plainName = plainName;
    }

    /** The metric's name in results.json. */
    public String metric() {
        return metric;
    }

    /** As in column heads. */
    public String shortName() {
        return shortName;
    }

    /** As in sentences and legends. */
    public String plainName() {
        return plainName;
    }
}
