/** Estimates with their intervals: Wilson, bootstrap, bands, Holm. */
@NullMarked
package org.dualform.score.statistics;

import org.jspecify.annotations.NullMarked;
