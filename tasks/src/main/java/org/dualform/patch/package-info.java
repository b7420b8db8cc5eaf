/**
 * A context as a change of weights: patches that make a decoder without a context answer one query as it does with it,
 * and one patch that does so for many queries as well as it can.
 */
@NullMarked
package org.dualform.patch;

import org.jspecify.annotations.NullMarked;
