/** What a pretraining recipe says, read from YAML and checked. */
@NullMarked
package org.dualform.pretrain.recipe;

import org.jspecify.annotations.NullMarked;
