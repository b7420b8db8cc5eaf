package org.dualform.cli.workflow.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualform.spec.Cell;
import org.dualform.spec.DataChoice;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.spec.Grid;

/** Compares the number of an experiment's cells with what a DAG can hold. */
final class CellCount {
    /** The parameters that a form for one cell asks one value for. */
    static final Set<String> LISTS = Set.of("datasets", "seeds", "orders", "arms");

    private static final String[] COUNTED = {"datasets", "seeds", "orders", "template", "arms", "preset"};
    private static final int SHOWN = 4;

    private CellCount() {}

    /** What is wrong if the DAG measures one cell and the experiment has another number. */
    static Optional<String> mistake(String dagId, Draft draft) {
        if (!draft.isRight(COUNTED)) return Optional.empty();
        List<Cell> cells = Grid.of(draft.experiment()).cells();
        if (cells.size() == 1) return Optional.empty();
        String named = cells.stream().limit(SHOWN).map(Cell::name).collect(Collectors.joining(", "));
        return Optional.of(
                dagId + " measures one cell: one data set, seed, order, template and arm. This experiment has "
                        + cells.size() + " (" + String.join(", ", several(draft.experiment())) + "): " + named
                        + (cells.size() > SHOWN ? ", …" : "") + ". Name one of each, or start icl_shot_sweep.");
    }

    private static List<String> several(Experiment experiment) {
        DataChoice data = experiment.data();
        List<String> found = new ArrayList<>();
        add(found, data.datasets().size(), "data sets");
        add(found, data.seeds().size(), "seeds");
        add(found, data.orders().size(), "orders");
        add(found, data.templates().size(), "templates");
        add(found, experiment.methods().arms().size(), "arms");
        return found;
    }

    private static void add(List<String> found, int count, String what) {
        if (count > 1) found.add(count + " " + what);
    }
}
