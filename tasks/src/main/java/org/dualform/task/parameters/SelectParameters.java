package org.dualform.task.parameters;

import java.util.List;
import org.dualform.finetune.RateSelection;
import org.dualform.prompt.Template;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Tuning;
import org.dualform.spec.choice.Choosable;
import org.dualform.spec.choice.LearningRate;
import org.dualform.spec.choice.SelectOn;

/**
 * The parameters of {@code select}.
 *
 * @param arm the arm whose learning rate is chosen
 * @param templates the templates to choose from; the first is the one in {@code inputs}
 * @param seeds the draws of demonstrations, ascending
 * @param orders the rearrangements of the demonstrations, ascending
 * @param methods all methods of the study
 * @param select what each method chooses for itself
 * @param selectOn the rows to choose on
 * @param selectRows the most rows to choose on
 * @param passes the number of passes of fine-tuning over the demonstrations
 * @param chunkRows the number of queries that run at once
 */
public record SelectParameters(
        ModelUse use,
        PromptInputs inputs,
        String arm,
        List<Template> templates,
        @Between(least = 0, most = Integer.MAX_VALUE) List<Integer> seeds,
        @Between(least = 0, most = Integer.MAX_VALUE) List<Integer> orders,
        List<Method> methods,
        List<Choosable> select,
        SelectOn selectOn,
        @Between(least = 1, most = 10_000) int selectRows,
        Tuning tuning,
        LearningRate learningRate,
        @Between(least = 1, most = 1000) int passes,
        @Between(least = 1, most = 16) int chunkRows) {
    /** The learning rates that are tried where one is chosen. */
    public List<Double> rates() {
        return RateSelection.rates(learningRate);
    }

    /** The orders among which each method chooses: the first alone where the order is not chosen. */
    public List<Integer> candidateOrders() {
        return select.contains(Choosable.ORDER) ? orders : orders.subList(0, 1);
    }

    /** The templates among which each method chooses: the first alone where the template is not chosen. */
    public List<Template> candidateTemplates() {
        return select.contains(Choosable.TEMPLATE) ? templates : templates.subList(0, 1);
    }
}
