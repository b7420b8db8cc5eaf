/** Small dense matrices in double precision, and sums of outer products kept as factors. */
@NullMarked
package org.dualform.theory.matrix;

import org.jspecify.annotations.NullMarked;
