/**
 * The code that runs when a task is killed. {@link org.dualform.task.stop.GracefulStop} describes it step by step: it
 * receives the signal, {@link org.dualform.task.stop.Cancellation} passes it to the computation, and the cleaning up
 * that the computation has no time for is done in its place.
 */
@NullMarked
package org.dualform.task.stop;

import org.jspecify.annotations.NullMarked;
