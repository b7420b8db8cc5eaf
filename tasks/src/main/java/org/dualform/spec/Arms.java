package org.dualform.spec;

import java.util.List;

/**
 * What a cell measures: {@code main}, or a control. The one place that lists them: a control that joins is added to
 * {@link #KNOWN} and handled where cells are run.
 */
public final class Arms {
    /** The experiment itself: demonstrations as they are. */
    public static final String MAIN = "main";

    /** Every arm that can be asked for. */
    public static final List<String> KNOWN = List.of(MAIN);

    private Arms() {}
}
