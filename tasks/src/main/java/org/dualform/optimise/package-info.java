/** Optimisers, for fine-tuning and for pretraining alike. */
@NullMarked
package org.dualform.optimise;

import org.jspecify.annotations.NullMarked;
