/** The kinds that measure one cell: prompt, infer, finetune, score. */
@NullMarked
package org.dualform.task.cell;

import org.jspecify.annotations.NullMarked;
