package org.dualform.spec;

import java.util.ArrayList;
import java.util.List;
import org.dualform.spec.arm.Arms;

/**
 * The cells of an experiment: for every data set and seed, {@code main} in every order and template, and every control in the first
 * order and template.
 */
public final class Grid {
    private final Experiment experiment;
    private final ShortNames datasets;
    private final ShortNames models;

    private Grid(Experiment experiment) {
        this.experiment = experiment;
        this.datasets = new ShortNames(experiment.datasets());
        this.models = new ShortNames(List.of(experiment.model()));
    }

    public static Grid of(Experiment experiment) {
        return new Grid(experiment);
    }

    /** The experiment's cells: by data set, then seed, order and arm. */
    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String dataset : experiment.datasets())
            for (int seed : experiment.of(dataset).seeds())
                for (int order : experiment.orders())
                    for (String template : experiment.templates())
                        for (String arm : experiment.arms())
                            if (arm.equals(Arms.MAIN) || isFirst(order, template))
                                cells.add(cell(dataset, seed, order, template, arm));
        return List.copyOf(cells);
    }

    private boolean isFirst(int order, String template) {
        return order == experiment.orders().get(0)
                && template.equals(experiment.templates().get(0));
    }

    /** The last part of a data set's path, safe as a file name and unique within the study. */
    public String datasetName(String dataset) {
        return datasets.of(dataset);
    }

    /** The last part of the model's path, safe as a file name. */
    public String modelName() {
        return models.of(experiment.model());
    }

    /** An arm's name, safe as part of a file name. */
    public static String safeName(String arm) {
        return ShortNames.distinct(arm);
    }

    private Cell cell(String dataset, int seed, int order, String template, String arm) {
        boolean several = experiment.templates().size() > 1;
        String id = String.join("-", modelName(), datasetName(dataset), "s" + seed, "o" + order, safeName(arm))
                + (several ? "-t" + experiment.templates().indexOf(template) : "");
        StringBuilder name =
                new StringBuilder(datasetName(dataset)).append(" · seed ").append(seed);
        if (experiment.orders().size() > 1 || order != 0)
            name.append(" · order ").append(order);
        if (several) name.append(" · ").append(template);
        if (experiment.arms().size() > 1 || !arm.equals(Arms.MAIN))
            name.append(" · ").append(arm);
        return new Cell(id, name.toString(), experiment.model(), dataset, seed, order, template, arm);
    }
}
