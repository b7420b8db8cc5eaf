/** The life of a task: its content key, its cached result, its tracking and its outcome. */
@NullMarked
package org.dualform.task.run;

import org.jspecify.annotations.NullMarked;
