package org.dualform.task.run;

import org.dualform.contract.Request;
import org.dualform.contract.Result;

/** Runs one task as its request says. {@link TaskRunner} does so in this process. */
@FunctionalInterface
public interface TaskExecutor {
    /**
     * Runs the task to its end.
     *
     * @throws org.dualform.contract.DualformException if the task fails
     * @throws org.dualform.contract.CancelledException if it was asked to stop
     */
    Result run(Request request);
}
