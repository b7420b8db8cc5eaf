/** The parts of a decoder: weights by their roles, and small pieces of code that compute with them. */
@NullMarked
package org.dualform.model.part;

import org.jspecify.annotations.NullMarked;
