/** Attention as a change of weights: the identities of sections 2 and 3 of Dai et al. 2022 in a decoder's own layers. */
@NullMarked
package org.dualform.theory.attention;

import org.jspecify.annotations.NullMarked;
