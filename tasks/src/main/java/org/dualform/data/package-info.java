/** Data sets: folders, JSONL and CSV, row choice, and the generator of the built-in ones. */
@NullMarked
package org.dualform.data;

import org.jspecify.annotations.NullMarked;
