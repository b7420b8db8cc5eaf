package org.dualform.score.statistics;

import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.dualform.score.result.ExampleLine;
import org.jspecify.annotations.Nullable;

/**
 * A metric that is a ratio of two sums over examples: accuracy, a difference of accuracies, a recall, a mean divergence.
 * One definition serves the value within a cell, over seeds, and in every draw of the bootstrap.
 *
 * @param name metric name
 * @param needs methods without which it is undefined
 * @param counted what is summed above, per example
 * @param among what is summed below, per example; 1 for a mean over all examples
 * @param kind of quantity
 * @param ifEmpty why it is undefined when nothing is summed below
 */
public record ExampleStatistic(
        String name,
        Set<String> needs,
        ToDoubleFunction<ExampleLine> counted,
        ToDoubleFunction<ExampleLine> among,
        Kind kind,
        String ifEmpty) {
    /** What is averaged. */
    public enum Kind {
        /** Yes or no per case: Wilson's interval applies within a cell. */
        SHARE,
        /** −1, 0 or 1 per case. */
        DIFFERENCE,
        /** Any number. */
        MEAN;

        /**
         * Two made-up cases, one at each end of the range, that join every bootstrap. Without them 50 right answers of 50
         * would have an interval without width, and two methods that never differed would be called equivalent.
         */
        double[] madeUp() {
            return switch (this) {
                case SHARE -> new double[] {0, 1};
                case DIFFERENCE -> new double[] {-1, 1};
                case MEAN -> new double[0];
            };
        }
    }

    boolean share() {
        return kind == Kind.SHARE;
    }

    /** Below this a probability is taken as this, so that a divergence stays finite. */
    private static final double SMALLEST = 1e-12;

    private static final String NO_EXAMPLE = "no example was evaluated";

    /** All of them, in the order in which they are reported. */
    public static final List<ExampleStatistic> ALL = List.of(
            accuracy("zsl", ExampleLine::zslCorrect),
            accuracy("icl", ExampleLine::iclCorrect),
            accuracy("ft", ExampleLine::ftCorrect),
            difference("icl_minus_zsl", Set.of("icl", "zsl"), l -> one(l.iclCorrect()) - one(l.zslCorrect())),
            difference("ft_minus_zsl", Set.of("ft", "zsl"), l -> one(l.ftCorrect()) - one(l.zslCorrect())),
            difference("icl_minus_ft", Set.of("icl", "ft"), l -> one(l.iclCorrect()) - one(l.ftCorrect())),
            // Rec2FTP, Dai et al. 2022, section 4.3: of what fine-tuning fixes, the share that ICL fixes.
            new ExampleStatistic(
                    "rec2ftp",
                    Set.of("zsl", "icl", "ft"),
                    l -> one(!l.zslCorrect() && l.ftCorrect() && l.iclCorrect()),
                    l -> one(!l.zslCorrect() && l.ftCorrect()),
                    Kind.SHARE,
                    "fine-tuning fixed no zero-shot error"),
            new ExampleStatistic(
                    "rec2ftp.base",
                    Set.of("zsl", "icl"),
                    l -> one(!l.zslCorrect() && l.iclCorrect()),
                    l -> one(!l.zslCorrect()),
                    Kind.SHARE,
                    "zero-shot made no error"),
            new ExampleStatistic(
                    "icl_ft.agreement",
                    Set.of("icl", "ft"),
                    l -> one(l.icl() != null && l.icl().equals(l.ft())),
                    l -> 1,
                    Kind.SHARE,
                    NO_EXAMPLE),
            new ExampleStatistic(
                    "icl_ft.agreement_wrong",
                    Set.of("icl", "ft"),
                    l -> one(!l.iclCorrect() && l.icl() != null && l.icl().equals(l.ft())),
                    l -> one(!l.iclCorrect() || !l.ftCorrect()),
                    Kind.SHARE,
                    "both are right everywhere"),
            // Token overlap, Shen et al. 2024, over the ten likeliest next tokens.
            new ExampleStatistic(
                    "icl_ft.token_overlap",
                    Set.of("icl", "ft"),
                    l -> l.tokenOverlap() == null ? 0 : l.tokenOverlap(),
                    l -> one(l.tokenOverlap() != null),
                    Kind.MEAN,
                    "no next tokens were kept"),
            new ExampleStatistic(
                    "icl_ft.kl",
                    Set.of("icl", "ft"),
                    l -> divergence(l.iclDistribution(), l.ftDistribution()),
                    l -> one(defined(l.iclDistribution()) && defined(l.ftDistribution())),
                    Kind.MEAN,
                    "no row has finite scores of both methods"));

    /** The mean of a similarity over the rows in which it is defined. */
    public static ExampleStatistic similarity(String metric) {
        return new ExampleStatistic(
                metric,
                Set.of("zsl", "icl", "ft"),
                l -> finite(l.similarity(metric)) ? l.similarity(metric) : 0,
                l -> one(finite(l.similarity(metric))),
                Kind.MEAN,
                "undefined in every row");
    }

    private static boolean finite(double value) {
        return Double.isFinite(value);
    }

    private static ExampleStatistic accuracy(String method, java.util.function.Predicate<ExampleLine> correct) {
        return new ExampleStatistic(
                method + ".accuracy", Set.of(method), l -> one(correct.test(l)), l -> 1, Kind.SHARE, NO_EXAMPLE);
    }

    private static ExampleStatistic difference(
            String name, Set<String> needs, ToDoubleFunction<ExampleLine> difference) {
        return new ExampleStatistic(name, needs, difference, l -> 1, Kind.DIFFERENCE, NO_EXAMPLE);
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
