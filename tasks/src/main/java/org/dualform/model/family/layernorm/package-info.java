/** The families whose norm is the layer norm. */
@NullMarked
package org.dualform.model.family.layernorm;

import org.jspecify.annotations.NullMarked;
