package org.dualform.spec;

import java.util.List;
import org.dualform.spec.arm.Arm;

/**
 * One measurement of the grid. All its shot counts share one task of each kind.
 *
 * @param id safe as a file name and in MLflow: letters, digits, {@code . _ -}
 * @param name for people, such as {@code sst2 · seed 1}; unique within the study
 * @param model as the experiment gives it
 * @param dataset as the experiment gives it
 * @param seed draw of the demonstrations; 0 is file order
 * @param order rearrangement of the drawn demonstrations; 0 is none
 * @param template as the experiment gives it
 * @param arm the experiment itself, or a control
 */
public record Cell(
        String id, String name, String model, String dataset, int seed, int order, String template, Arm arm) {
    /**
     * The shot counts to measure: all in the first order, and the largest alone in any other. A smaller count takes the first
     * rows of an order, and these are other rows in every order.
     */
    public List<Integer> shots(Experiment experiment) {
        DataChoice own = experiment.of(dataset).data();
        return order == own.firstOrder() ? own.shots() : List.of(own.maxShots());
    }
}
