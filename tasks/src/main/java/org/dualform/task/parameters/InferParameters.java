package org.dualform.task.parameters;

import java.util.List;
import org.dualform.spec.Method;
import org.dualform.spec.choice.BaselineChoice;
import org.dualform.spec.choice.RecordPosition;
import org.dualform.spec.choice.RecordQueries;

/**
 * The parameters of {@code infer}.
 *
 * @param method the method to evaluate
 * @param methods all methods of the study
 * @param chunkRows the number of queries that run at once
 * @param record whether attention is recorded
 * @param recordLimit the largest number of recorded rows
 * @param baselines the baselines of the similarities; one of them needs records of its own
 */
public record InferParameters(
        ModelUse use,
        Method method,
        List<Method> methods,
        @Between(least = 1, most = 16) int chunkRows,
        boolean record,
        RecordPosition recordPosition,
        RecordQueries recordQueries,
        @Between(least = 1, most = 10_000) int recordLimit,
        List<BaselineChoice> baselines) {
    /** Name of the only parameter that the caller adds to a cell's item. */
    public static final String METHOD = "method";
}
