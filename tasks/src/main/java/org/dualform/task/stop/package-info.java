/** How a task is stopped: signals, cancellation, and what runs before the process ends. */
@NullMarked
package org.dualform.task.stop;

import org.jspecify.annotations.NullMarked;
