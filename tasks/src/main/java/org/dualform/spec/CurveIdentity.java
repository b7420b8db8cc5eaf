package org.dualform.spec;

import java.util.Optional;
import java.util.OptionalInt;
import org.dualform.spec.arm.Arms;

/**
 * What tells one shot curve of a study from another, the method apart: the data set, and what differs from the
 * experiment itself. Charts group runs by it, so a control never counts into the experiment's own curve.
 *
 * <p>The experiment's own curve has the plain name of its data set: {@code topics}. Others say what differs:
 * {@code topics flip=0.5}, {@code topics order 1}, {@code topics template minimal}.
 *
 * @param dataset the data set's name within the study
 * @param arm {@code main} or a control
 * @param order empty for the study's first order
 * @param template empty for the study's first template
 */
public record CurveIdentity(String dataset, String arm, OptionalInt order, Optional<String> template) {

    /** The experiment itself on this data set: arm {@code main}, first order, first template. */
    public static CurveIdentity main(String dataset) {
        return new CurveIdentity(dataset, Arms.MAIN, OptionalInt.empty(), Optional.empty());
    }

    /** Whether this is the experiment's own curve, rather than a control's. */
    public boolean isMain() {
        return equals(main(dataset));
    }

    /** The curve's name without a method, as in the summary's metric names: {@code topics flip=0.5}. */
    public String name() {
        return dataset + differences();
    }

    /** The curve's name with its method: {@code topics icl flip=0.5}. */
    public String name(Method method) {
        return dataset + " " + method.id() + differences();
    }

    private String differences() {
        StringBuilder text = new StringBuilder();
        if (!arm.equals(Arms.MAIN)) text.append(' ').append(arm);
        order.ifPresent(number -> text.append(" order ").append(number));
        template.ifPresent(name -> text.append(" template ").append(name));
        return text.toString();
    }
}
