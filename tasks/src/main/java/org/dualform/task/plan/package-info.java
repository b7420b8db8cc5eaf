/** The task {@code plan}: checks an experiment, expands it into cells, and estimates their cost. */
@NullMarked
package org.dualform.task.plan;

import org.jspecify.annotations.NullMarked;
