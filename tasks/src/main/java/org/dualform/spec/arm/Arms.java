package org.dualform.spec.arm;

import java.util.List;

/** The grammar of arms: what {@code arms} may list. */
public final class Arms {
    /** The experiment itself: demonstrations as they are. It is always measured, since controls are compared with it. */
    public static final String MAIN = "main";

    /** Listed among the arms, it leaves {@link #MAIN} out. */
    public static final String NOT_MAIN = "-main";

    /** Every arm that can be asked for, with what stands for a value in capitals. */
    public static final List<String> KNOWN = List.of(
            MAIN,
            "flip=P",
            "random_labels",
            "untrained",
            "untrained_embeddings",
            "lcgd",
            "ft=VARIANT",
            "calibrated",
            NOT_MAIN);

    /** What may follow {@code ft=}, joined by {@code +}. */
    public static final List<String> TUNING_PARTS =
            List.of("adam", "all", "full_batch", "label_loss", "passes:N", "rate:R", "v_layer:N");

    private Arms() {}
}
