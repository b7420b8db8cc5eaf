/** Commands that only developers of Dualform need: {@code dualform bench} and {@code dualform test}. */
@NullMarked
package org.dualform.dev;

import org.jspecify.annotations.NullMarked;
