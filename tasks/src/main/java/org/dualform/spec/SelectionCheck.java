package org.dualform.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dualform.spec.arm.Arms;
import org.dualform.spec.choice.Choosable;
import org.dualform.spec.choice.SelectOn;

/** The rule across parameters: {@code select} needs several candidates to choose from, and {@code main} to measure them. */
final class SelectionCheck {
    private static final String PARAMETER = "select";

    private SelectionCheck() {}

    /**
     * The experiment as read, with the mistakes of {@code select} added to those found before.
     *
     * @param wrong parameters whose value is wrong already, and stood in for
     */
    static Draft of(Experiment experiment, List<String> mistakes, Set<String> wrong) {
        List<String> found = mistakes(experiment, wrong);
        if (found.isEmpty()) return new Draft(experiment, mistakes, wrong);
        List<String> all = new ArrayList<>(mistakes);
        all.addAll(found);
        Set<String> both = new TreeSet<>(wrong);
        both.add(PARAMETER);
        return new Draft(experiment, all, both);
    }

    private static List<String> mistakes(Experiment experiment, Set<String> wrong) {
        List<String> found = new ArrayList<>();
        for (Choosable what : experiment.methods().select()) {
            if (candidates(what, experiment.data()) < 2 && !wrong.contains(parameter(what)))
                found.add("select: there is only one " + what.id() + " to choose from; give several, or leave it off.");
        }
        if (!experiment.methods().select().isEmpty() && experiment.methods().selectOn() == SelectOn.NONE)
            found.add("select: there are no rows to choose on, since select_on is none; leave one of the two off.");
        if (!experiment.methods().select().isEmpty() && !experiment.methods().measuresMain())
            found.add("select: chooses among the cells of " + Arms.MAIN + ", which " + Arms.NOT_MAIN + " leaves out.");
        return found;
    }

    private static int candidates(Choosable what, DataChoice data) {
        return switch (what) {
            case SEED -> data.seeds().size();
            case ORDER -> data.orders().size();
            case TEMPLATE -> data.templates().size();
        };
    }

    /** The parameter that lists the candidates. */
    private static String parameter(Choosable what) {
        return switch (what) {
            case SEED -> "seeds";
            case ORDER -> "orders";
            case TEMPLATE -> "template";
        };
    }
}
