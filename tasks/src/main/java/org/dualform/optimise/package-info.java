/** Optimisers, for fine-tuning and for pretraining. */
@NullMarked
package org.dualform.optimise;

import org.jspecify.annotations.NullMarked;
