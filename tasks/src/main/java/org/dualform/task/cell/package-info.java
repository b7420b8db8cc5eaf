/** The kinds that measure one cell (prompt, infer, finetune, score), and the export of what they recorded. */
@NullMarked
package org.dualform.task.cell;

import org.jspecify.annotations.NullMarked;
