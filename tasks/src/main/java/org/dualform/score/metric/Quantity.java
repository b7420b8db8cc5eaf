package org.dualform.score.metric;

import java.util.Arrays;
import java.util.Optional;

/** Every quantity that is measured, with its kind. A {@link MetricName} names it of a method or beside a floor. */
public enum Quantity {
    /** Right answers among all rows that were evaluated. */
    ACCURACY("accuracy", MetricKind.SHARE, Of.METHOD),
    ICL_MINUS_ZSL("icl_minus_zsl", MetricKind.DIFFERENCE, Of.CELL),
    FT_MINUS_ZSL("ft_minus_zsl", MetricKind.DIFFERENCE, Of.CELL),
    ICL_MINUS_FT("icl_minus_ft", MetricKind.DIFFERENCE, Of.CELL),
    /** Of the zero-shot errors that fine-tuning fixes, the share that in-context learning fixes (Dai et al. 2022, 4.3). */
    REC2FTP("rec2ftp", MetricKind.SHARE, Of.CELL),
    /** Of all zero-shot errors, the share that in-context learning fixes. */
    REC2FTP_BASE("rec2ftp.base", MetricKind.SHARE, Of.CELL),
    AGREEMENT("icl_ft.agreement", MetricKind.SHARE, Of.CELL),
    /** The agreement among rows that at least one of the two gets wrong. */
    AGREEMENT_WRONG("icl_ft.agreement_wrong", MetricKind.SHARE, Of.CELL),
    TOKEN_OVERLAP("icl_ft.token_overlap", MetricKind.SIMILARITY, Of.CELL),
    /** The Kullback-Leibler divergence of the label distributions, in nats. */
    KL("icl_ft.kl", MetricKind.SIMILARITY, Of.CELL),

    SIM_AOU("sim_aou", MetricKind.SIMILARITY, Of.RECORDS),
    SIM_AOU_RAW("sim_aou.raw", MetricKind.SIMILARITY, Of.RECORDS),
    SIM_AM("sim_am", MetricKind.SIMILARITY, Of.RECORDS),
    SIM_AM_BEFORE_FT("sim_am.before_ft", MetricKind.SIMILARITY, Of.RECORDS),
    SIM_AM_DELTA("sim_am.delta", MetricKind.SIMILARITY, Of.RECORDS),
    KENDALL_TOKEN("kendall.token", MetricKind.SIMILARITY, Of.RECORDS),
    KENDALL_TOKEN_OFFICIAL("kendall.token.official", MetricKind.SIMILARITY, Of.RECORDS),
    KENDALL_EXAMPLE("kendall.example", MetricKind.SIMILARITY, Of.RECORDS),
    KENDALL_EXAMPLE_OFFICIAL("kendall.example.official", MetricKind.SIMILARITY, Of.RECORDS),
    RECALL_TOKEN("recall.token", MetricKind.SIMILARITY, Of.RECORDS),
    RECALL_EXAMPLE("recall.example", MetricKind.SIMILARITY, Of.RECORDS),

    /** The standard deviation of accuracy over orders of the same demonstrations. */
    ORDER_SD("order_sd", MetricKind.SPREAD, Of.METHOD),

    MS_PER_QUERY("ms_per_query", MetricKind.COST, Of.METHOD, true),
    TOKENS_PER_QUERY("tokens_per_query", MetricKind.COST, Of.METHOD),
    PREFILL_SECONDS("prefill_seconds", MetricKind.COST, Of.METHOD, true),
    TRAIN_SECONDS("train_seconds", MetricKind.COST, Of.METHOD, true),
    STEPS("steps", MetricKind.COST, Of.METHOD),
    LOSS_FIRST("loss_first", MetricKind.COST, Of.METHOD),
    LOSS_LAST("loss_last", MetricKind.COST, Of.METHOD),
    /** The mean loss of the demonstrations before and after training on them. */
    LOSS_BEFORE("loss_before", MetricKind.COST, Of.METHOD),
    LOSS_AFTER("loss_after", MetricKind.COST, Of.METHOD),
    /** By how much rounding errors grew in training, in errors of one rounding. */
    ROUNDING_GROWTH("rounding_growth", MetricKind.COST, Of.METHOD),
    /** 1 where they grew so much that the result is noise, else 0; over seeds, the share of such seeds. */
    UNSTABLE("unstable", MetricKind.COST, Of.METHOD),
    /** The share of demonstrations whose label a control changed; a fact of the prompts, not an estimate. */
    LABELS_CHANGED("labels.changed", MetricKind.COST, Of.CELL);

    /** What a quantity belongs to; this decides the form of its names. */
    private enum Of {
        /** To one method, which leads its name. */
        METHOD,
        /** To the comparison of methods in a cell. */
        CELL,
        /** To a cell's records; a floor may end its name. */
        RECORDS
    }

    private final String id;
    private final MetricKind kind;
    private final Of of;
    private final boolean clocked;

    Quantity(String id, MetricKind kind, Of of) {
        this(id, kind, of, false);
    }

    Quantity(String id, MetricKind kind, Of of, boolean clocked) {
        this.id = id;
        this.kind = kind;
        this.of = of;
        this.clocked = clocked;
    }

    /** The name without method, floor and part. */
    public String id() {
        return id;
    }

    public MetricKind kind() {
        return kind;
    }

    /** Whether it is measured with a clock, and therefore differs each time it is computed. */
    public boolean isClocked() {
        return clocked;
    }

    /** Whether it is a quantity of one method, as accuracy is. */
    public boolean isOfMethod() {
        return of == Of.METHOD;
    }

    /** Whether it is computed from records and can be read against a {@link Floor}. */
    public boolean isRecorded() {
        return of == Of.RECORDS;
    }

    static Optional<Quantity> find(String id) {
        return Arrays.stream(values())
                .filter(quantity -> quantity.id.equals(id))
                .findFirst();
    }
}
