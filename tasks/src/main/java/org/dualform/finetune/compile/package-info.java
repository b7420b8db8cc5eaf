/** Writes demonstrations into weights without gradients. */
@NullMarked
package org.dualform.finetune.compile;

import org.jspecify.annotations.NullMarked;
