/** The change that fine-tuning makes to weights, as a value: factors, rows, vectors and dense arrays. */
@NullMarked
package org.dualform.finetune.update;

import org.jspecify.annotations.NullMarked;
