package org.dualform.task.parameters;

import java.util.List;
import org.dualform.prompt.Template;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.choice.BaselineChoice;
import org.dualform.spec.choice.Choosable;
import org.dualform.spec.choice.LearningRate;
import org.dualform.spec.choice.RecordPosition;
import org.dualform.spec.choice.SelectOn;

/**
 * What {@code score} is told: what a cell is, for all who report of it.
 *
 * @param cell its id
 * @param arm {@code main} or a control, by its canonical name
 * @param labels that the demonstrations show
 * @param calibrated whether scores are calibrated on content-free inputs
 * @param shots numbers of demonstrations, ascending
 * @param methods all that the study measures
 * @param select what each method chooses for itself
 * @param selectOn rows that choices are made on
 * @param record whether attention is recorded
 * @param baselines what similarities are compared with
 */
public record ScoreParameters(
        String cell,
        Source model,
        Source dataset,
        Template template,
        int seed,
        int order,
        String arm,
        Arm.Labels labels,
        boolean calibrated,
        List<Integer> shots,
        List<Method> methods,
        LearningRate learningRate,
        List<Choosable> select,
        SelectOn selectOn,
        boolean record,
        List<BaselineChoice> baselines,
        RecordPosition recordPosition) {}
