/** Linear regression in context, where it is known exactly what one step of gradient descent gives. */
@NullMarked
package org.dualform.regression;

import org.jspecify.annotations.NullMarked;
