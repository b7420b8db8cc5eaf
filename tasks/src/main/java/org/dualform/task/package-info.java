/** Tasks: the main program, the list of kinds, the chain in one process. Tasks are the only users of tracking. */
@NullMarked
package org.dualform.task;

import org.jspecify.annotations.NullMarked;
