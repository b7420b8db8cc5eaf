package org.dualform.report.panel;

import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;

/** The curves of a figure, one for each method, with the names that people read. */
public enum Curve {
    ZSL(ScoredMethod.ZSL, "ZSL", "zero-shot"),
    ICL(ScoredMethod.ICL, "ICL", "prompting"),
    FT(ScoredMethod.FT, "FT", "fine-tuning");

    private final ScoredMethod method;
    private final String shortName;
    private final String plainName;

    Curve(ScoredMethod method, String shortName, String plainName) {
        this.method = method;
        this.shortName = shortName;
        this.plainName = plainName;
    }

    public ScoredMethod method() {
        return method;
    }

    /** Its accuracy. */
    public MetricName metric() {
        return MetricName.accuracy(method);
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
