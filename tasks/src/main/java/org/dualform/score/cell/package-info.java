/** Scoring of one cell: from predictions to metrics. */
@NullMarked
package org.dualform.score.cell;

import org.jspecify.annotations.NullMarked;
