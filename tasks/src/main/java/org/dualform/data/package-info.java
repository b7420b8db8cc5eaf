/** Data sets: where they are found, how they are read, and which rows are chosen. */
@NullMarked
package org.dualform.data;

import org.jspecify.annotations.NullMarked;
