package org.dualform.spec;

import java.util.ArrayList;
import java.util.List;
import org.dualform.spec.arm.Arm;

/**
 * The cells of an experiment: for every data set and seed, the experiment itself in every order and template, and every
 * control in the first order and template.
 */
public final class Grid {
    private final Experiment experiment;
    private final DataChoice data;
    private final ShortNames datasets;
    private final ShortNames models;

    private Grid(Experiment experiment) {
        this.experiment = experiment;
        this.data = experiment.data();
        this.datasets = new ShortNames(data.datasets());
        this.models = new ShortNames(List.of(data.model()));
    }

    public static Grid of(Experiment experiment) {
        return new Grid(experiment);
    }

    /** The number of the experiment's cells, which are not made for it. */
    public long size() {
        long seeds = 0;
        for (String dataset : data.datasets())
            seeds += experiment.of(dataset).data().seeds().size();
        long controls = experiment.methods().arms().stream()
                .filter(arm -> !arm.isMain())
                .count();
        long mains = experiment.methods().arms().size() - controls;
        return seeds * (mains * data.orders().size() * data.templates().size() + controls);
    }

    /** The experiment's cells: by data set, then seed, order and arm. */
    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String dataset : data.datasets())
            for (int seed : experiment.of(dataset).data().seeds())
                for (int order : data.orders())
                    for (String template : data.templates())
                        for (Arm arm : experiment.methods().arms())
                            if (arm.isMain() || isFirst(order, template))
                                cells.add(cell(dataset, seed, order, template, arm));
        return List.copyOf(cells);
    }

    private boolean isFirst(int order, String template) {
        return order == data.firstOrder() && template.equals(data.templates().get(0));
    }

    /** The last part of a data set's path, safe as a file name and unique within the study. */
    public String datasetName(String dataset) {
        return datasets.of(dataset);
    }

    /** The last part of the model's path, safe as a file name. */
    public String modelName() {
        return models.of(data.model());
    }

    /** An arm's name, safe as part of a file name. */
    public static String safeName(String arm) {
        return ShortNames.distinct(arm);
    }

    private Cell cell(String dataset, int seed, int order, String template, Arm arm) {
        boolean several = data.templates().size() > 1;
        String id = String.join("-", modelName(), datasetName(dataset), "s" + seed, "o" + order, safeName(arm.name()))
                + (several ? "-t" + data.templates().indexOf(template) : "");
        StringBuilder name =
                new StringBuilder(datasetName(dataset)).append(" · seed ").append(seed);
        if (data.orders().size() > 1 || order != 0) name.append(" · order ").append(order);
        if (several) name.append(" · ").append(template);
        if (experiment.methods().arms().size() > 1 || !arm.isMain())
            name.append(" · ").append(arm.name());
        return new Cell(id, name.toString(), data.model(), dataset, seed, order, template, arm);
    }
}
