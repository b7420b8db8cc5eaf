package org.dualform.spec.choice;

import com.fasterxml.jackson.annotation.JsonValue;

/** A named set of values for the parameters that a spec leaves at their defaults. */
public enum Preset implements Choice {
    NONE("none", false),
    QUICK("quick", false),
    PAPER("paper", false),
    CRITICS("critics", false),
    DAI2022_SMALL("dai2022-1.3b", true),
    DAI2022_LARGE("dai2022-2.7b", true);

    private final String id;
    private final boolean needsThePapersRows;

    Preset(String id, boolean needsThePapersRows) {
        this.id = id;
        this.needsThePapersRows = needsThePapersRows;
    }

    @Override
    @JsonValue
    public String id() {
        return id;
    }

    /** Whether it stands for numbers printed in a paper, which only that paper's own rows can give. */
    public boolean needsThePapersRows() {
        return needsThePapersRows;
    }
}
