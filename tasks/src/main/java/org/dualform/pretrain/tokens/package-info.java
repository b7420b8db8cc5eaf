/** Where the tokens of a pretraining come from: the generated corpus, or a folder of texts. */
@NullMarked
package org.dualform.pretrain.tokens;

import org.jspecify.annotations.NullMarked;
