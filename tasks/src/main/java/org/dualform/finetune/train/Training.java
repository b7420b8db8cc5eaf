package org.dualform.finetune.train;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How fine-tuning went.
 *
 * @param learningRate the learning rate
 * @param passes the number of passes over the demonstrations
 * @param shots the course of training for each shot count
 * @param seconds the time of all steps; less than the sum over the shot counts, which share steps
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Training(double learningRate, int passes, Map<Integer, Course> shots, double seconds) {
    /**
     * The steps of one shot count, as if it had been trained alone.
     *
     * @param losses the mean negative log-likelihood of each step's tokens before its update, in nats, up to the step
     *     at which training diverged
     * @param divergedAt the number of the step at which training diverged, from 1; null if it did not
     * @param seconds the time of these steps
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Course(List<Double> losses, @Nullable Integer divergedAt, double seconds) {
        public Course {
            losses = List.copyOf(losses);
        }

        /** Such as "diverged at step 3"; null if training did not diverge. */
        public @Nullable String divergence() {
            return divergedAt == null ? null : "diverged at step " + divergedAt;
        }
    }

    public Training {
        shots = new TreeMap<>(shots);
    }
}
