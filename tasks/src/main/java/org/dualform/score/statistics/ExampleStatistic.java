package org.dualform.score.statistics;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.dualform.score.metric.Absence.Denominator;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.jspecify.annotations.Nullable;

/**
 * A metric that is a ratio of two sums over examples: an accuracy, a difference of accuracies, a recall, a mean divergence.
 * One definition serves the value within a cell, the value over seeds, and every draw of the bootstrap.
 *
 * @param name of the metric; its kind decides which interval is made
 * @param needs methods without which it is undefined
 * @param counted the numerator: what each example adds to it
 * @param among the denominator: what each example adds to it; 1 for a mean over all examples
 * @param denominator what the denominator counts, which tells why the metric is undefined if that is zero
 */
public record ExampleStatistic(
        MetricName name,
        Set<ScoredMethod> needs,
        ToDoubleFunction<ExampleLine> counted,
        ToDoubleFunction<ExampleLine> among,
        Denominator denominator) {
    /** A probability below this is taken as this, so that a divergence stays finite. */
    private static final double SMALLEST = 1e-12;

    private static final Set<ScoredMethod> BOTH = EnumSet.of(ScoredMethod.ICL, ScoredMethod.FT);

    /** All of them, in the order in which they are reported. */
    public static final List<ExampleStatistic> ALL = List.of(
            accuracy(ScoredMethod.ZSL),
            accuracy(ScoredMethod.ICL),
            accuracy(ScoredMethod.FT),
            difference(Quantity.ICL_MINUS_ZSL, ScoredMethod.ICL, ScoredMethod.ZSL),
            difference(Quantity.FT_MINUS_ZSL, ScoredMethod.FT, ScoredMethod.ZSL),
            difference(Quantity.ICL_MINUS_FT, ScoredMethod.ICL, ScoredMethod.FT),
            // Rec2FTP, Dai et al. 2022, section 4.3: of what fine-tuning fixes, the share that ICL fixes.
            compared(
                    Quantity.REC2FTP,
                    EnumSet.allOf(ScoredMethod.class),
                    l -> one(!l.zslCorrect() && l.ftCorrect() && l.iclCorrect()),
                    l -> one(!l.zslCorrect() && l.ftCorrect()),
                    Denominator.ERRORS_FIXED_BY_FT),
            compared(
                    Quantity.REC2FTP_BASE,
                    EnumSet.of(ScoredMethod.ZSL, ScoredMethod.ICL),
                    l -> one(!l.zslCorrect() && l.iclCorrect()),
                    l -> one(!l.zslCorrect()),
                    Denominator.ZERO_SHOT_ERRORS),
            compared(Quantity.AGREEMENT, BOTH, l -> one(agree(l)), l -> 1, Denominator.EXAMPLES),
            compared(
                    Quantity.AGREEMENT_WRONG,
                    BOTH,
                    l -> one(!l.iclCorrect() && agree(l)),
                    l -> one(!l.iclCorrect() || !l.ftCorrect()),
                    Denominator.ERRORS_OF_EITHER),
            // Token overlap, Shen et al. 2024, over the ten likeliest next tokens.
            compared(
                    Quantity.TOKEN_OVERLAP,
                    BOTH,
                    l -> l.tokenOverlap() == null ? 0 : l.tokenOverlap(),
                    l -> one(l.tokenOverlap() != null),
                    Denominator.NEXT_TOKENS),
            compared(
                    Quantity.KL,
                    BOTH,
                    l -> divergence(l.iclDistribution(), l.ftDistribution()),
                    l -> one(defined(l.iclDistribution()) && defined(l.ftDistribution())),
                    Denominator.FINITE_SCORES));

    /** The mean of a similarity over the rows in which it is defined. */
    public static ExampleStatistic similarity(MetricName name) {
        String text = name.text();
        return new ExampleStatistic(
                name,
                EnumSet.allOf(ScoredMethod.class),
                l -> Double.isFinite(l.similarity(text)) ? l.similarity(text) : 0,
                l -> one(Double.isFinite(l.similarity(text))),
                Denominator.DEFINED_ROWS);
    }

    /** The share of rows that {@code method} gets right. Every accuracy of a study is this one. */
    public static ExampleStatistic accuracy(ScoredMethod method) {
        return new ExampleStatistic(
                MetricName.accuracy(method),
                EnumSet.of(method),
                l -> one(l.isCorrect(method)),
                l -> 1,
                Denominator.EXAMPLES);
    }

    private static ExampleStatistic difference(Quantity quantity, ScoredMethod first, ScoredMethod second) {
        return compared(
                quantity,
                EnumSet.of(first, second),
                l -> one(l.isCorrect(first)) - one(l.isCorrect(second)),
                l -> 1,
                Denominator.EXAMPLES);
    }

    private static ExampleStatistic compared(
            Quantity quantity,
            Set<ScoredMethod> needs,
            ToDoubleFunction<ExampleLine> counted,
            ToDoubleFunction<ExampleLine> among,
            Denominator denominator) {
        return new ExampleStatistic(MetricName.of(quantity), needs, counted, among, denominator);
    }

    MetricKind kind() {
        return name.kind();
    }

    private static boolean agree(ExampleLine line) {
        return line.icl() != null && line.icl().equals(line.ft());
    }

    private static double one(boolean yes) {
        return yes ? 1 : 0;
    }

    private static boolean defined(@Nullable List<Double> distribution) {
        return distribution != null && !distribution.isEmpty();
    }

    /** Kullback-Leibler divergence KL(p || q) in nats; 0 where one is undefined, which {@code among} leaves out. */
    private static double divergence(@Nullable List<Double> p, @Nullable List<Double> q) {
        if (p == null || q == null || p.isEmpty() || q.isEmpty()) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < p.size(); i++) {
            double above = Math.max(p.get(i), SMALLEST);
            sum += above * Math.log(above / Math.max(q.get(i), SMALLEST));
        }
        return sum;
    }
}
