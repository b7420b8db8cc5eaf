/** The plan kind: checks an experiment, expands it into cells, says what it costs. */
@NullMarked
package org.dualform.task.plan;

import org.jspecify.annotations.NullMarked;
