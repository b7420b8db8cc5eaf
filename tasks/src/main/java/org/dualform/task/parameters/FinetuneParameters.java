package org.dualform.task.parameters;

import java.util.List;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Tuning;
import org.dualform.spec.choice.RecordPosition;
import org.dualform.spec.choice.RecordQueries;

/**
 * The parameters of {@code finetune}. The learning rate is not among them, since it comes from the output of {@code
 * select}.
 *
 * @param methods all methods of the study
 * @param passes the number of passes over the demonstrations
 * @param record whether the demonstrations' query vectors are recorded
 */
public record FinetuneParameters(
        ModelUse use,
        List<Method> methods,
        Tuning tuning,
        @Between(least = 1, most = 1000) int passes,
        boolean record,
        RecordPosition recordPosition,
        RecordQueries recordQueries) {}
