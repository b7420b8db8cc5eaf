package org.dualform.task.file;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * What a method chose for itself.
 *
 * @param seed the draw of demonstrations; null stands for every seed
 * @param order of the demonstrations
 * @param template hash of the template
 * @param templateName the template's name, for people
 */
@JsonNaming(SnakeCaseStrategy.class)
public record CandidateChoice(@Nullable Integer seed, int order, String template, String templateName) {
    /** Whether a cell is the one chosen, or one of them. */
    public boolean fits(int cellSeed, int cellOrder, String cellTemplate) {
        return (seed == null || seed == cellSeed) && order == cellOrder && template.equals(cellTemplate);
    }
}
