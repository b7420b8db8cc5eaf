/** The task that measures the theory in the layers of a model. */
@NullMarked
package org.dualform.task.theory;

import org.jspecify.annotations.NullMarked;
