package org.dualform.task.run;

import java.io.IOException;
import java.util.Optional;
import org.dualform.contract.Result;

/** What one task writes to its study's runs, from its beginning to its end. One thread calls it; {@link #killed} may come from another. */
public interface TaskTracking {
    /** Before computing: opens the run that the task owns, or finds the run that it links to. */
    Optional<Result.Run> begin(TaskContext context) throws IOException;

    /**
     * After computing, or after a finished result was found: writes what it comes to.
     *
     * @return the result that the caller gets
     */
    default Result done(TaskContext context, Result result) throws IOException {
        return result;
    }

    /** The task failed. */
    default void failed(String message) {}

    /** The task was told to stop. At most two seconds are left. */
    default void killed() {}

    /** Gives back what it holds. The runs stay as they are. */
    default void close() {}
}
