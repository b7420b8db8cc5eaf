package org.dualform.spec.arm;

import java.util.List;

/** The words that the parameter {@code arms} may list. */
public final class Arms {
    /** The experiment itself. It is measured unless {@link #NOT_MAIN} is listed, since controls are compared with it. */
    public static final String MAIN = "main";

    /** Leaves {@link #MAIN} out, where it is listed among the arms. */
    public static final String NOT_MAIN = "-main";

    /** Every arm that can be asked for; capitals stand for a value. */
    public static final List<String> KNOWN = List.of(
            MAIN,
            "flip=P",
            "random_labels",
            "untrained",
            "untrained_embeddings",
            "lcgd",
            "ft=VARIANT",
            Tuning.MEAN_PATCH_TEXT,
            Tuning.LEAST_SQUARES_PATCH_TEXT,
            "calibrated",
            NOT_MAIN);

    /** What may follow {@code ft=}, joined by {@code +}. */
    public static final List<String> TUNING_PARTS =
            List.of("adam", "all", "full_batch", "label_loss", "passes:N", "rate:R", "v_layer:N");

    private Arms() {}
}
