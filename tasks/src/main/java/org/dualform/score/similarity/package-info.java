/** How alike in-context learning and fine-tuning are, from records: the metrics of Dai et al. 2022, and their baselines. */
@NullMarked
package org.dualform.score.similarity;

import org.jspecify.annotations.NullMarked;
