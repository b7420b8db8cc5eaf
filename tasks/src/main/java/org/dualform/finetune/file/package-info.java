/** Updates in files: written by the training task, read by the inference task. */
@NullMarked
package org.dualform.finetune.file;

import org.jspecify.annotations.NullMarked;
