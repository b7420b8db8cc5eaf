/** The life of a task: its key, its cached result, its tracking, its outcome. */
@NullMarked
package org.dualform.task.run;

import org.jspecify.annotations.NullMarked;
