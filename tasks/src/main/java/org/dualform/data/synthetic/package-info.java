/** The built-in corpus: its words and sentences, and the built-in data sets. */
@NullMarked
package org.dualform.data.synthetic;

import org.jspecify.annotations.NullMarked;
