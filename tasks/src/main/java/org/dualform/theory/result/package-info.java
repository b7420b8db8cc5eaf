/** What was measured of the theory, as values that know nothing of models. */
@NullMarked
package org.dualform.theory.result;

import org.jspecify.annotations.NullMarked;
