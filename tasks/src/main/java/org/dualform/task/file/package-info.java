/** The files that tasks hand to each other, a type for each. */
@NullMarked
package org.dualform.task.file;

import org.jspecify.annotations.NullMarked;
