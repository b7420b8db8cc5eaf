/**
 * Tasks: the main program, the list of kinds, the chain in one process, and the kind that pretrains. Only tasks know of
 * tracking.
 */
@NullMarked
package org.dualform.task;

import org.jspecify.annotations.NullMarked;
