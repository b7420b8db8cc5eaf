/**
 * What runs when a task is killed. {@link org.dualform.task.stop.GracefulStop} tells it step by step: it hears the signal,
 * {@link org.dualform.task.stop.Cancellation} carries it to the computation, and what the computation has no time to tidy
 * up is tidied up in its place.
 */
@NullMarked
package org.dualform.task.stop;

import org.jspecify.annotations.NullMarked;
