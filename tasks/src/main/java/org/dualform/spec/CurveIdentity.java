package org.dualform.spec;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.dualform.spec.arm.Arm;
import org.jspecify.annotations.Nullable;

/**
 * What tells one shot curve of a study from another, the method apart: the data set, and what differs from the
 * experiment itself. Charts group runs by it, so a control never counts into the experiment's own curve.
 *
 * <p>The experiment's own curve has the plain name of its data set: {@code topics}. Others say what differs:
 * {@code topics flip=0.5}, {@code topics order 1}, {@code topics template minimal}.
 *
 * @param dataset the data set's name within the study
 * @param arm {@code main} or a control
 * @param order null for the study's first order
 * @param template the template's name; null for the data set's first template
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CurveIdentity(
        String dataset,
        String arm,
        @Nullable Integer order,
        @Nullable String template) {

    /** The experiment itself on this data set: arm {@code main}, first order, first template. */
    public static CurveIdentity main(String dataset) {
        return new CurveIdentity(dataset, Arm.MAIN.name(), null, null);
    }

    /** Whether this is the experiment's own curve, rather than a control's. */
    @JsonIgnore
    public boolean isMain() {
        return equals(main(dataset));
    }

    /** The curve's name without a method, as in the summary's metric names: {@code topics flip=0.5}. */
    public String name() {
        return dataset + differences();
    }

    /** The name of one method's curve: {@code topics icl flip=0.5}. */
    public String name(Method method) {
        return name(method.id());
    }

    /** The name of something that belongs to this curve: {@code topics comparison flip=0.5}. */
    public String name(String what) {
        return dataset + " " + what + differences();
    }

    private String differences() {
        StringBuilder text = new StringBuilder();
        if (!arm.equals(Arm.MAIN.name())) text.append(' ').append(arm);
        if (order != null) text.append(" order ").append(order);
        if (template != null) text.append(" template ").append(template);
        return text.toString();
    }
}
