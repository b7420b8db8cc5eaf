package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;
import org.dualform.spec.arm.Arms;

/**
 * A learning rate that was chosen from several.
 *
 * @param arm the arm that it was chosen for; arms that fine-tune as {@code main} does share its rate
 * @param lowest the lowest rate that was tried
 * @param highest the highest rate that was tried
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ChosenRate(
        String model, String dataset, String arm, double learningRate, Place place, double lowest, double highest) {

    /** The place of the chosen rate among those that were tried. */
    public enum Place {
        INSIDE,
        LOWEST,
        HIGHEST,
        /** Training diverged, or was unstable, at every rate; the lowest stands in. */
        ALL_DIVERGED;

        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Place of(String id) {
            return valueOf(id.toUpperCase(Locale.ROOT));
        }
    }

    /** Whether a rate beyond those that were tried might be better. */
    @JsonIgnore
    public boolean isAtEdge() {
        return place != Place.INSIDE;
    }

    /** Whether a row's fine-tuning used this rate. Another choice of the same rate is told by its arm. */
    public boolean serves(ResultRow row) {
        Double used = row.learningRate();
        return row.dataset().equals(dataset)
                && used != null
                && used == learningRate
                && (row.arm().equals(arm) || arm.equals(Arms.MAIN));
    }
}
