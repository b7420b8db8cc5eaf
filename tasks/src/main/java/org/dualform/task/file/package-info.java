/** The files that tasks hand to each other and that users hand to a study, by type, with the values inside them. */
@NullMarked
package org.dualform.task.file;

import org.jspecify.annotations.NullMarked;
