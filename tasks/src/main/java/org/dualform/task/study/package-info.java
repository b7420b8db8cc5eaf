/** The kinds that close a study: {@code summarise} puts it together, {@code finish} tells whether it is whole. */
@NullMarked
package org.dualform.task.study;

import org.jspecify.annotations.NullMarked;
