package org.dualform.task.parameters;

import java.util.List;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Tuning;
import org.dualform.spec.choice.RecordPosition;
import org.dualform.spec.choice.RecordQueries;

/**
 * What {@code finetune} is told. The learning rate is not among it: that comes from what {@code select} wrote.
 *
 * @param methods all that the study measures
 * @param passes over the demonstrations
 * @param record whether the demonstrations' query vectors are recorded
 */
public record FinetuneParameters(
        ModelUse use,
        List<Method> methods,
        Tuning tuning,
        int passes,
        boolean record,
        RecordPosition recordPosition,
        RecordQueries recordQueries) {}
