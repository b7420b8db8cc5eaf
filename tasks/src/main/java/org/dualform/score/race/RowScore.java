package org.dualform.score.race;

/**
 * How a candidate did on one row.
 *
 * @param logLikelihood the log-likelihood of the right label, in nats
 * @param right whether the row was answered correctly
 */
public record RowScore(double logLikelihood, boolean right) {}
