/** Metrics and statistics. Knows nothing of models. */
@NullMarked
package org.dualform.score;

import org.jspecify.annotations.NullMarked;
