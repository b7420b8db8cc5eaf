package org.dualform.score.result;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dualform.score.metric.ScoredMethod;
import org.jspecify.annotations.Nullable;

/**
 * How the methods do, at every shot count, on training rows that are never demonstrations. The method and the shot count
 * are chosen by it, so that the reported rows only have to confirm one claim. The points race: one that could not win any
 * more was not measured on further rows.
 *
 * @param seed whose demonstrations were used
 * @param n held-out rows that there were
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SelectionCurve(String model, String dataset, int seed, int n, List<Point> points) {
    /**
     * A method at a shot count.
     *
     * @param shots requested; more than 0
     * @param accuracy null when training or the scores diverged
     * @param meanLogLikelihood of the right label, in nats; null likewise
     * @param rows the rows it was measured on; 0 when it diverged
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Point(
            ScoredMethod method,
            int shots,
            @Nullable Double accuracy,
            @Nullable Double meanLogLikelihood,
            int rows) {

        private double accuracyOrNone() {
            return accuracy == null ? Double.NEGATIVE_INFINITY : accuracy;
        }

        private double likelihoodOrNone() {
            return meanLogLikelihood == null ? Double.NEGATIVE_INFINITY : meanLogLikelihood;
        }
    }

    public SelectionCurve {
        points = List.copyOf(points);
    }

    /**
     * The best point among {@code shots}: of those that were measured longest the most accurate, of equals the one with
     * fewer shots, then the likelier.
     */
    public Optional<Point> best(Set<Integer> shots) {
        return points.stream()
                .filter(p -> p.accuracy() != null && shots.contains(p.shots()))
                .max(Comparator.comparingInt(Point::rows)
                        .thenComparingDouble(Point::accuracyOrNone)
                        .thenComparing(Comparator.comparingInt(Point::shots).reversed())
                        .thenComparingDouble(Point::likelihoodOrNone));
    }
}
