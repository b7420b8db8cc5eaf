/** The kinds that close a study: summarise and finish. */
@NullMarked
package org.dualform.task.study;

import org.jspecify.annotations.NullMarked;
