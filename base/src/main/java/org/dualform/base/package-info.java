/**
 * The ground floor, on which every other module stands: hashes, file trees, locks, random numbers, waits and retries. Plain
 * Java that knows nothing of Dualform; what fails is thrown as Java's own exceptions, which callers explain.
 */
@NullMarked
package org.dualform.base;

import org.jspecify.annotations.NullMarked;
