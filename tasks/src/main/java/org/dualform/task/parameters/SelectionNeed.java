package org.dualform.task.parameters;

import org.dualform.spec.Method;
import org.dualform.spec.arm.Arms;
import org.dualform.spec.choice.SelectOn;

/**
 * Which steps a selection takes.
 *
 * @param rate whether a learning rate is chosen
 * @param candidates whether each method chooses a candidate
 * @param curves whether the curves are measured, which is done only for {@code main}
 */
public record SelectionNeed(boolean rate, boolean candidates, boolean curves) {
    public static SelectionNeed of(SelectParameters parameters) {
        if (parameters.selectOn() == SelectOn.NONE) return new SelectionNeed(false, false, false);
        boolean rate = parameters.methods().contains(Method.FT)
                && parameters.learningRate().given().isEmpty();
        boolean main = parameters.arm().equals(Arms.MAIN);
        return new SelectionNeed(rate, !parameters.select().isEmpty() && (main || rate), main);
    }

    /** True if a model is needed, because there is something to compute. */
    public boolean model() {
        return rate || curves;
    }

    /** True if something is chosen. */
    public boolean choice() {
        return rate || candidates;
    }
}
