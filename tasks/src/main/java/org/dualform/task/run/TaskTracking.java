package org.dualform.task.run;

import java.io.IOException;
import java.util.Optional;
import org.dualform.contract.Result;

/** What one task says on its study's runs, from its beginning to its end. Called by one thread, but for {@link #killed}. */
public interface TaskTracking {
    /** Before computing: opens the run that the task owns, or finds the one it links to. */
    Optional<Result.Run> begin(TaskContext context) throws IOException;

    /** After computing, or after a finished result was found: says it, and gives the result as the caller shall see it. */
    default Result done(TaskContext context, Result result) throws IOException {
        return result;
    }

    /** The task failed. */
    default void failed(String message) {}

    /** The task was told to stop; at most two seconds are left. */
    default void killed() {}

    /** Releases what it holds; the runs stay as they are. */
    default void close() {}
}
