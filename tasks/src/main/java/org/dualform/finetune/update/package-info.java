/** The change that fine-tuning makes to weights, as a value: factors, rows, vectors, dense matrices. */
@NullMarked
package org.dualform.finetune.update;

import org.jspecify.annotations.NullMarked;
