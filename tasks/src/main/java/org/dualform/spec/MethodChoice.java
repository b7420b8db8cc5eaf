package org.dualform.spec;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.List;
import java.util.OptionalInt;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.ArmNames;
import org.dualform.spec.choice.Choosable;
import org.dualform.spec.choice.LearningRate;
import org.dualform.spec.choice.SelectOn;

/**
 * How it is measured: in-context learning, fine-tuning, controls, and what each method chooses for itself.
 *
 * @param methods which methods run
 * @param learningRate of fine-tuning
 * @param select what each method chooses among the seeds, orders and templates
 * @param selectOn the rows on which it is chosen
 * @param selectRows the most rows on which it is chosen; empty: as many as {@link #selectRows(int)} says
 * @param arms the experiment itself and its controls; the experiment itself comes first, unless it is left out
 * @param passes passes of fine-tuning over the demonstrations
 */
public record MethodChoice(
        List<Method> methods,
        LearningRate learningRate,
        List<Choosable> select,
        SelectOn selectOn,
        OptionalInt selectRows,

        @JsonSerialize(converter = ArmNames.Write.class) @JsonDeserialize(converter = ArmNames.Read.class)
        List<Arm> arms,

        int passes) {

    private static final int LEAST_SELECT_ROWS = 50;
    private static final int MOST_SELECT_ROWS = 200;

    public MethodChoice {
        methods = List.copyOf(methods);
        select = List.copyOf(select);
        arms = List.copyOf(arms);
    }

    /** The same with the learning rate that a data set has of its own. */
    MethodChoice with(PerDataset own) {
        return own.learningRate() == null
                ? this
                : new MethodChoice(methods, own.learningRate(), select, selectOn, selectRows, arms, passes);
    }

    /**
     * The most rows on which choices are made. By default as many training rows as rows are evaluated, since a choice need
     * not be surer than the result, but at least {@value #LEAST_SELECT_ROWS} and at most {@value #MOST_SELECT_ROWS}; of
     * the reported rows all.
     *
     * @param limit the most rows that are evaluated
     */
    public int selectRows(int limit) {
        return selectRows.orElse(
                selectOn == SelectOn.REPORTED ? limit : Math.max(LEAST_SELECT_ROWS, Math.min(limit, MOST_SELECT_ROWS)));
    }

    /** Whether the method runs. */
    public boolean asks(Method method) {
        return methods.contains(method);
    }

    /** Whether the experiment itself is measured, and not its controls alone. */
    public boolean measuresMain() {
        return arms.stream().anyMatch(Arm::isMain);
    }
}
