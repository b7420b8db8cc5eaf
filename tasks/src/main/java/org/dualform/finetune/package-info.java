/** Fine-tuning on demonstrations, the choice of its learning rate, and the evaluation of what it gives. */
@NullMarked
package org.dualform.finetune;

import org.jspecify.annotations.NullMarked;
