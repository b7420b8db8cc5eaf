/** Functions without weights: activations, rotation by positions, soft caps, and products with a number. */
@NullMarked
package org.dualform.model.part.function;

import org.jspecify.annotations.NullMarked;
