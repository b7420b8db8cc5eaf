/** Pretraining as a task. */
@NullMarked
package org.dualform.task.training;

import org.jspecify.annotations.NullMarked;
