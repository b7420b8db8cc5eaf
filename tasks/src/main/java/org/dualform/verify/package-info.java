/** Comparison with reference values: what a forward gives by name, and how far it is from what another program gave. */
@NullMarked
package org.dualform.verify;

import org.jspecify.annotations.NullMarked;
