/** From a spec as people write it to its normal form: every parameter once, with one type, or a mistake that says why not. */
@NullMarked
package org.dualform.spec.read;

import org.jspecify.annotations.NullMarked;
