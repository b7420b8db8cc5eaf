package org.dualform.task.file;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * The seed, order and template that a method chose for itself.
 *
 * @param seed the draw of demonstrations; null stands for every seed
 * @param order the order of the demonstrations
 * @param template the hash of the template
 * @param templateName the template's name, for people
 */
@JsonNaming(SnakeCaseStrategy.class)
public record CandidateChoice(@Nullable Integer seed, int order, String template, String templateName) {
    /** True if a cell is chosen, alone or among others. */
    public boolean fits(int cellSeed, int cellOrder, String cellTemplate) {
        return (seed == null || seed == cellSeed) && order == cellOrder && template.equals(cellTemplate);
    }
}
