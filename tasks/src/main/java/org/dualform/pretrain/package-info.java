/** Pretraining of a small decoder from random weights. */
@NullMarked
package org.dualform.pretrain;

import org.jspecify.annotations.NullMarked;
