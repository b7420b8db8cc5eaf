package org.dualform.spec;

import java.util.List;

/**
 * One measurement of the grid; the shot counts are inside it.
 *
 * @param id safe as a file name and as an MLflow key: letters, digits, {@code . _ -}
 * @param name for people, as {@code sst2 · seed 1}; unique within the study
 * @param model as the experiment gives it
 * @param dataset as the experiment gives it
 * @param seed draw of the demonstrations; 0 is file order
 * @param order rearrangement of the drawn demonstrations; 0 is none
 * @param template as the experiment gives it
 * @param arm {@code main} or a control
 */
public record Cell(
        String id, String name, String model, String dataset, int seed, int order, String template, String arm) {
    /**
     * The shot counts to measure. Only the largest in other orders than the first: a smaller count takes the first rows of
     * an order, which are other rows than another order's first.
     */
    public List<Integer> shots(Experiment experiment) {
        Experiment own = experiment.of(dataset);
        return order == own.orders().get(0) ? own.shots() : List.of(own.maxShots());
    }
}
