/** Pretraining of a small decoder from scratch. */
@NullMarked
package org.dualform.pretrain;

import org.jspecify.annotations.NullMarked;
