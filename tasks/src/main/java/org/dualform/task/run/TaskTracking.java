package org.dualform.task.run;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Result;

/** What one task writes to its study's runs, from its beginning to its end. One thread calls it; {@link #killed} may come from another. */
public interface TaskTracking {
    /** Before computing: opens the run that the task owns, or finds the run that it links to. */
    Optional<Result.Run> begin(TaskContext context) throws IOException;

    /**
     * After computing, or after a finished result was found: writes the result to the runs.
     *
     * @return the result that the caller gets
     */
    default Result done(TaskContext context, Result result) throws IOException {
        return result;
    }

    /**
     * What the task measured on its way, for tasks whose runs show a curve while it grows.
     *
     * @param values by name; equal computations give equal values
     * @param clocked what a clock measured, which differs at every computation
     */
    default void measured(int step, Map<String, Double> values, Map<String, Double> clocked) {}

    /** Called when the task failed. */
    default void failed(String message) {}

    /** Called when the task was told to stop. At most two seconds are left. */
    default void killed() {}

    /** Releases its resources. The runs stay as they are. */
    default void close() {}
}
