/**
 * The kinds that close a study: {@code summarise} combines its results, and {@code finish} decides whether it is
 * complete.
 */
@NullMarked
package org.dualform.task.study;

import org.jspecify.annotations.NullMarked;
