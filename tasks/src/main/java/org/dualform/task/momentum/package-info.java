/** The tasks of a study of momentum attention: its plan, one task for each model, and their comparison. */
@NullMarked
package org.dualform.task.momentum;

import org.jspecify.annotations.NullMarked;
