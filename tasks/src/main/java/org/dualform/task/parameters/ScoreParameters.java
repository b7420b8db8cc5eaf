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
 * The parameters of {@code score}. They describe a cell for everything that reports about it.
 *
 * @param cell the cell's id
 * @param arm {@code main} or a control, by its canonical name
 * @param labels the labels that the demonstrations show
 * @param calibrated whether scores are calibrated on content-free inputs
 * @param shots the numbers of demonstrations, ascending
 * @param methods all methods of the study
 * @param select what each method chooses for itself
 * @param selectOn the rows that choices are made on
 * @param record whether attention is recorded
 * @param baselines the baselines of the similarities
 */
public record ScoreParameters(
        String cell,
        Source model,
        Source dataset,
        Template template,
        @Between(least = 0, most = Integer.MAX_VALUE) int seed,
        @Between(least = 0, most = Integer.MAX_VALUE) int order,
        String arm,
        Arm.Labels labels,
        boolean calibrated,
        @Between(least = 0, most = 100_000) List<Integer> shots,
        List<Method> methods,
        LearningRate learningRate,
        List<Choosable> select,
        SelectOn selectOn,
        boolean record,
        List<BaselineChoice> baselines,
        RecordPosition recordPosition) {}
