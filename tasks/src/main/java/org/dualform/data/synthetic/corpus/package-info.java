/** The documents on which the built-in model is pretrained. */
@NullMarked
package org.dualform.data.synthetic.corpus;

import org.jspecify.annotations.NullMarked;
