package org.dualform.spec;

/**
 * One measurement of the grid; the shot counts are inside it.
 *
 * @param id safe as a file name and as an MLflow key: letters, digits, {@code . _ -}
 * @param name for people, as {@code sst2 · seed 1}; unique within the study
 * @param model as the experiment gives it
 * @param dataset as the experiment gives it
 * @param seed draw of the demonstrations; 0 is file order
 * @param order rearrangement of the drawn demonstrations; 0 is none
 * @param arm {@code main} or a control
 */
public record Cell(String id, String name, String model, String dataset, int seed, int order, String arm) {}
