/**
 * A context as a change of weights: the patches that make a decoder without a context answer a query as it does with it.
 */
@NullMarked
package org.dualform.theory.patch;

import org.jspecify.annotations.NullMarked;
