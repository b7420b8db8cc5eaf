/** Fine-tuning of the key and value projections in its dual form. */
@NullMarked
package org.dualform.finetune;

import org.jspecify.annotations.NullMarked;
