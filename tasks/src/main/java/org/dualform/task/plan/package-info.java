/** The task {@code plan}: checks an experiment, expands it into cells, and says what they will cost. */
@NullMarked
package org.dualform.task.plan;

import org.jspecify.annotations.NullMarked;
