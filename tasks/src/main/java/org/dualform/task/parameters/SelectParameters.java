package org.dualform.task.parameters;

import java.util.List;
import org.dualform.prompt.Template;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Tuning;
import org.dualform.spec.choice.Choosable;
import org.dualform.spec.choice.LearningRate;
import org.dualform.spec.choice.SelectOn;

/**
 * What {@code select} is told.
 *
 * @param arm whose learning rate is chosen
 * @param templates all that may be chosen; the first is the one in {@code inputs}
 * @param seeds draws of demonstrations, ascending
 * @param orders rearrangements of the demonstrations, ascending
 * @param methods all that the study measures
 * @param select what each method chooses for itself
 * @param selectOn rows to choose on
 * @param passes of fine-tuning over the demonstrations
 * @param chunkRows queries run at once
 */
public record SelectParameters(
        ModelUse use,
        PromptInputs inputs,
        String arm,
        List<Template> templates,
        List<Integer> seeds,
        List<Integer> orders,
        List<Method> methods,
        List<Choosable> select,
        SelectOn selectOn,
        Tuning tuning,
        LearningRate learningRate,
        int passes,
        int chunkRows) {}
