package org.dualform.finetune.train;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How fine-tuning went, per shot count.
 *
 * @param learningRate of plain SGD
 * @param passes over the demonstrations
 * @param shots by shot count
 * @param seconds of all steps; less than the sum over the counts, which share steps
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Training(double learningRate, int passes, Map<Integer, Course> shots, double seconds) {
    /**
     * The steps of one shot count, as if it had been trained alone.
     *
     * @param losses mean negative log-likelihood, in nats, over a step's tokens, before its update; up to and with the
     *     step at which training diverged
     * @param divergedAt the step, counted from 1, at which training diverged; null if it did not
     * @param seconds of these steps
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Course(List<Double> losses, @Nullable Integer divergedAt, double seconds) {
        public Course {
            losses = List.copyOf(losses);
        }

        /** "diverged at step 3", or null if training did not diverge. */
        public @Nullable String divergence() {
            return divergedAt == null ? null : "diverged at step " + divergedAt;
        }
    }

    public Training {
        shots = new TreeMap<>(shots);
    }
}
