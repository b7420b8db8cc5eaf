package org.dualform.task.parameters;

import java.util.List;
import org.dualform.spec.Method;
import org.dualform.spec.choice.BaselineChoice;
import org.dualform.spec.choice.RecordPosition;
import org.dualform.spec.choice.RecordQueries;

/**
 * What {@code infer} is told.
 *
 * @param method the one to evaluate
 * @param methods all that the study measures
 * @param chunkRows queries run at once
 * @param record whether attention is recorded
 * @param recordLimit at most this many rows are recorded
 * @param baselines what similarities are compared with; one of them needs records of its own
 */
public record InferParameters(
        ModelUse use,
        Method method,
        List<Method> methods,
        int chunkRows,
        boolean record,
        RecordPosition recordPosition,
        RecordQueries recordQueries,
        int recordLimit,
        List<BaselineChoice> baselines) {
    /** Name of the one parameter that the caller adds to a cell's item. */
    public static final String METHOD = "method";
}
