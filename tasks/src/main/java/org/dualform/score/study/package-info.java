/** Scoring of a study: cells are put together, controls stand beside main, and each data set gets one answer. */
@NullMarked
package org.dualform.score.study;

import org.jspecify.annotations.NullMarked;
