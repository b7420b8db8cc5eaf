package org.dualform.score.metric;

/** Quantiles of the standard normal distribution. */
public final class StandardNormal {
    /** At .975: 95 % two-sided. */
    public static final double Z_975 = 1.959963984540054;

    /** At .80: a power of 80 %. */
    public static final double Z_80 = 0.8416212335729143;

    private StandardNormal() {}
}
