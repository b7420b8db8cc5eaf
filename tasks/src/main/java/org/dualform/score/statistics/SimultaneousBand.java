package org.dualform.score.statistics;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.StandardNormal;

/**
 * A band around a curve that holds at all its shot counts at once, with 95 %: the sup-t band (Montiel Olea and
 * Plagborg-Møller 2019, doi:10.1002/jae.2656). Every point is widened by the same number of its own standard errors.
 * That number is the .95 quantile, over draws, of the largest standardised deviation along the curve.
 */
public final class SimultaneousBand {
    private static final double LEVEL = .95;

    /** A band that holds at each point by itself, in standard errors. No band is narrower. */
    private static final double POINTWISE = StandardNormal.Z_975;

    private SimultaneousBand() {}

    /**
     * @param draws of one statistic, by shot count; draw i of each count has the same resampled cases
     * @return the band by shot count; a count whose draws are not all defined has none
     */
    public static Map<Integer, Interval> of(Map<Integer, CrossedBootstrap.Draws> draws) {
        Map<Integer, Moments> moments = new TreeMap<>();
        draws.forEach((shots, each) -> {
            if (each.defined().length == CrossedBootstrap.DRAWS) moments.put(shots, Moments.of(each.defined()));
        });
        double[] largest = new double[CrossedBootstrap.DRAWS];
        moments.forEach((shots, moment) -> {
            CrossedBootstrap.Draws each = Objects.requireNonNull(draws.get(shots));
            for (int i = 0; i < largest.length; i++)
                largest[i] = Math.max(largest[i], moment.standardised(each.value(i)));
        });
        Arrays.sort(largest);
        double width = Math.max(POINTWISE, CrossedBootstrap.quantile(largest, LEVEL));
        Map<Integer, Interval> bands = new TreeMap<>();
        moments.forEach((shots, m) -> bands.put(
                shots,
                new Interval(
                        m.mean() - width * m.deviation(), m.mean() + width * m.deviation(), IntervalMethod.SUP_T)));
        return bands;
    }

    private record Moments(double mean, double deviation) {
        static Moments of(double[] values) {
            double mean = Arrays.stream(values).average().orElseThrow();
            double variance = Arrays.stream(values)
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElseThrow();
            return new Moments(mean, Math.sqrt(variance));
        }

        /** In standard deviations. */
        double standardised(double value) {
            return deviation == 0 ? 0 : Math.abs(value - mean) / deviation;
        }
    }
}
