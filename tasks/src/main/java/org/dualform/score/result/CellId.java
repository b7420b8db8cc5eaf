package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.dualform.spec.arm.Arms;

/**
 * Which cell of the grid. In files its parts stand flat beside the other fields of their object.
 *
 * @param model name of the model
 * @param dataset name of the data set
 * @param seed of the draw of demonstrations; 0 is the order of the file
 * @param order of the demonstrations; 0 is the drawn one
 * @param arm {@code main} or a control
 * @param template name of the template
 */
public record CellId(String model, String dataset, int seed, int order, String arm, String template) {
    /** Whether this is the experiment itself and no control. */
    @JsonIgnore
    public boolean isMain() {
        return arm.equals(Arms.MAIN);
    }

    /** The same cell under another arm. */
    public CellId withArm(String other) {
        return new CellId(model, dataset, seed, order, other, template);
    }
}
