/** Training loops: one demonstration after another, in the dual form or with the weights' own gradients. */
@NullMarked
package org.dualform.finetune.train;

import org.jspecify.annotations.NullMarked;
