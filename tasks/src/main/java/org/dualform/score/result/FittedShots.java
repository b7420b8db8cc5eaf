package org.dualform.score.result;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * A requested shot count and what of it fits the context.
 *
 * @param shots as requested
 * @param trueShots demonstrations that fit; null when the cell never got so far
 * @param contextTokens tokens of the context at {@code trueShots}; null likewise
 */
@JsonNaming(SnakeCaseStrategy.class)
public record FittedShots(
        int shots, @Nullable Integer trueShots, @Nullable Integer contextTokens) {
    /** A count of which nothing is known but that it was asked for. */
    public static FittedShots unknown(int shots) {
        return new FittedShots(shots, null, null);
    }
}
