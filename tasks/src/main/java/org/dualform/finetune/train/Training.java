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
     * @param stability how far the result depends on rounding; null if training diverged, or nobody looked
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Course(
            List<Double> losses,
            @Nullable Integer divergedAt,
            double seconds,
            @Nullable Stability stability) {
        public Course {
            losses = List.copyOf(losses);
        }

        /** A course of which nobody looked how stable it was. */
        public Course(List<Double> losses, @Nullable Integer divergedAt, double seconds) {
            this(losses, divergedAt, seconds, null);
        }

        private Course with(@Nullable Stability found) {
            return new Course(losses, divergedAt, seconds, found);
        }

        /** Such as "diverged at step 3"; null if training did not diverge. */
        public @Nullable String divergence() {
            return divergedAt == null ? null : "diverged at step " + divergedAt;
        }
    }

    public Training {
        shots = new TreeMap<>(shots);
    }

    /** The same with the stability of each shot count that it is known of. */
    public Training with(Map<Integer, Stability> stabilities) {
        Map<Integer, Course> courses = new TreeMap<>();
        shots.forEach((k, course) -> courses.put(k, course.with(stabilities.get(k))));
        return new Training(learningRate, passes, courses, seconds);
    }
}
