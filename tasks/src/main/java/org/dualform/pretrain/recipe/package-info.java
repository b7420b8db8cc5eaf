/** The recipe of a pretraining, read from YAML and checked. */
@NullMarked
package org.dualform.pretrain.recipe;

import org.jspecify.annotations.NullMarked;
