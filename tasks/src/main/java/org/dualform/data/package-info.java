/**
 * Data sets: where they are found, how they are read, which rows are chosen, and the generator of the built-in ones.
 */
@NullMarked
package org.dualform.data;

import org.jspecify.annotations.NullMarked;
