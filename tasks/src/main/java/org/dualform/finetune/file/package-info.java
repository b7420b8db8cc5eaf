/** Files of updates: the training task writes them and the inference task reads them. */
@NullMarked
package org.dualform.finetune.file;

import org.jspecify.annotations.NullMarked;
