/**
 * Comparison with reference values that another program computed: what a forward pass gives, by name, and how far it is
 * from them.
 */
@NullMarked
package org.dualform.verify;

import org.jspecify.annotations.NullMarked;
