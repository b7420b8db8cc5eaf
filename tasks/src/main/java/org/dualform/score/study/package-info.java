/** Scoring of a study: cells put together, controls beside main, one answer for each data set. */
@NullMarked
package org.dualform.score.study;

import org.jspecify.annotations.NullMarked;
